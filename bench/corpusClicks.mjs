import { openRunLink } from './corpus.mjs'
import { clickToCurve, openProbe, rest, substituteTable, tokenAt, whenQuiet } from './page.mjs'
import { load } from './site.mjs'
import { ratioSpreadOf, spreadOf } from './statistics.mjs'

/** Reviews of the run: more than are measured while the page is clicked. */
const SAMPLE = 200
/** Rows of the table of substitutes that the page measures unasked. */
const LISTED = 8

/**
 * Clicks in Explore on substitutes that nobody measured, while a run over the bundled reviews goes on, against bare
 * forwards of the same text before the run.
 *
 * @param {object} options
 * @param {import('@playwright/test').Browser} options.browser
 * @param {import('./site.mjs').Site} options.site
 * @param {string} options.text
 * @param {number} options.rounds at most 12
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function measureCorpusClicks({ browser, site, text, rounds }) {
  const { DEFAULT_SETTINGS } = await load('src/core/corpus/runLink.ts')
  const page = await openRunLink(
    browser,
    site,
    { ...DEFAULT_SETTINGS, sampleSize: SAMPLE },
    { text, records: true },
  )
  const tokens = await openProbe(page, site, text)
  await whenQuiet(page)
  /** @type {number[]} */
  const bare = []
  for (let round = -2; round < rounds; round++) {
    const time = await page.evaluate(() => window.probe.forward('logits'))
    if (round >= 0) bare.push(time)
    await rest()
  }

  await page.getByRole('button', { name: 'Explore', exact: true }).click()
  await whenQuiet(page)
  await clickToCurve(page, tokenAt(page, Math.floor(tokens / 2)))
  await whenQuiet(page)
  await substituteTable(page)
    .getByRole('button', { name: /^\d+ more$/ })
    .click()
  await page.getByRole('button', { name: 'Corpus', exact: true }).click()
  await page.getByRole('button', { name: 'Run it' }).click()
  await page.locator('.run-status', { hasText: /^[1-9]\d* of / }).waitFor()
  await page.getByRole('button', { name: 'Explore', exact: true }).click()

  const substitutes = substituteTable(page).locator('tbody label')
  const times = []
  for (let round = 0; round < rounds; round++) {
    // Not in step with the run's calls.
    await rest(700 + 130 * (round % 5))
    times.push((await clickToCurve(page, substitutes.nth(LISTED + round), 0)).drawn)
  }
  await page.getByRole('button', { name: 'Corpus', exact: true }).click()
  const state = await page.locator('.run-status').innerText()
  if (/^(\d+) of \1 /.test(state)) throw new Error(`the run had ended: ${state}`)
  await page.context().close()
  const typical = (/** @type {number[]} */ values) => `${spreadOf(values).median.toFixed(0)} ms`
  return [
    {
      id: 'corpus-clicks',
      name: `click in Explore while a run goes on / one bare forward at rest, ${tokens} tokens`,
      unit: '×',
      goal: 2,
      value: ratioSpreadOf(times, bare),
      note: `${typical(times)} against ${typical(bare)}; at most ${Math.max(...times).toFixed(0)} ms; no substitute measured before`,
    },
  ]
}
