import { TRACE_CATEGORIES, workByClick } from './mainThread.mjs'
import {
  clickToCurve,
  freshPage,
  HAND_REST,
  openProbe,
  rest,
  showLink,
  substituteTable,
  tokenAt,
  whenQuiet,
} from './page.mjs'
import { ratioSpreadOf, spreadOf } from './statistics.mjs'

/** @typedef {import('@playwright/test').Browser} Browser */
/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./report.mjs').Row} Row */

/** Rows of the table of substitutes that the page measures unasked. */
const LISTED = 8

/**
 * Clicks in the page against bare forwards of the same text, in the same renderer, runtime and number of threads.
 *
 * @param {object} options
 * @param {Browser} options.browser
 * @param {import('./site.mjs').Site} options.site
 * @param {string} options.fragment link to the text with a token chosen
 * @param {string} options.text
 * @param {number} options.rounds at most 20
 * @param {number} options.aheadRounds clicks while the page measures ahead; fewer than it has time for
 * @returns {Promise<Row[]>}
 */
export async function measureClicks({ browser, site, fragment, text, rounds, aheadRounds }) {
  const page = await freshPage(browser)
  await page.goto(site.url)
  const tokens = await openProbe(page, site, text)
  await whenQuiet(page)
  for (let run = 0; run < 3; run++) await bareForward(page)

  await showLink(page, fragment)
  const ahead = await clickAhead(page, tokens, aheadRounds)
  const unknown = await clickUnknown(page, tokens, rounds)
  const known = await clickKnown(browser, page, rounds)
  await page.context().close()
  const bare = spreadOf(unknown.rested.map((click) => click.bare)).median
  return [
    unknownRow(
      `click-${tokens}`,
      `click to drawn curve / one bare forward, ${tokens} tokens`,
      unknown.rested,
    ),
    unknownRow(
      `click-touch-${tokens}`,
      `the same where the pointer comes with the press, as on a touch screen, ${tokens} tokens`,
      unknown.touched,
    ),
    ...(ahead.length > 0 ? [aheadRow(tokens, ahead, bare)] : []),
    ...knownRows(tokens, known),
  ]
}

/** @param {Page} page */
const bareForward = (page) => page.evaluate(() => window.probe.forward('logits'))

/**
 * Clicks tokens from the end backwards, while the page measures ahead from the front on.
 *
 * @param {Page} page
 * @param {number} tokens
 * @param {number} rounds
 */
async function clickAhead(page, tokens, rounds) {
  const times = []
  for (let round = 0; round < rounds; round++) {
    await rest(300)
    times.push((await clickToCurve(page, tokenAt(page, tokens - 2 - 2 * round))).drawn)
  }
  return times
}

/**
 * Clicks substitutes that nobody measured, while the page is at rest: by a hand that rests on them first, and at once.
 *
 * @param {Page} page
 * @param {number} tokens
 * @param {number} rounds
 */
async function clickUnknown(page, tokens, rounds) {
  await whenQuiet(page)
  await clickToCurve(page, tokenAt(page, Math.floor(tokens / 2) + 1))
  await whenQuiet(page)
  await substituteTable(page)
    .getByRole('button', { name: /^\d+ more$/ })
    .click()
  const substitutes = substituteTable(page).locator('tbody label')
  let row = LISTED
  /** @param {number} handRest */
  const click = async (handRest) => {
    await page.mouse.move(0, 0)
    await whenQuiet(page)
    await rest()
    const bare = await bareForward(page)
    await rest()
    const { drawn, calls } = await clickToCurve(page, substitutes.nth(row++), handRest)
    const measure = calls.find(({ method }) => method === 'measure')
    if (!measure && handRest === 0)
      throw new Error('a substitute that nobody measured was answered from memory')
    return { bare, drawn, measure: measure ?? null }
  }
  const rested = []
  const touched = []
  for (let round = 0; round < rounds; round++) {
    rested.push(await click(HAND_REST))
    touched.push(await click(0))
  }
  await page.getByRole('button', { name: 'Fewer', exact: true }).click()
  return { rested, touched }
}

/**
 * Clicks tokens whose top substitute was measured ahead, traced.
 *
 * @param {Browser} browser
 * @param {Page} page
 * @param {number} rounds
 */
async function clickKnown(browser, page, rounds) {
  await whenQuiet(page)
  await browser.startTracing(page, { categories: TRACE_CATEGORIES })
  /** @type {number[]} */
  const latencies = []
  for (let round = 0; round < rounds; round++) {
    const { drawn, calls } = await clickToCurve(page, tokenAt(page, 1 + 2 * round))
    if (calls.some(({ method }) => method === 'measure')) throw new Error('a measurement was not in memory')
    latencies.push(drawn)
    await whenQuiet(page)
    await page.evaluate(() => performance.mark('bench-rest'))
  }
  const { traceEvents } = JSON.parse(String(await browser.stopTracing()))
  return workByClick(traceEvents).map((work, round) => ({ ...work, latency: latencies[round] }))
}

/** @param {readonly number[]} values */
const typical = (values) => `${spreadOf(values).median.toFixed(1)} ms`

/**
 * @param {string} id
 * @param {string} name
 * @param {Awaited<ReturnType<typeof clickUnknown>>['rested']} clicks
 * @returns {Row}
 */
function unknownRow(id, name, clicks) {
  const bare = clicks.map((click) => click.bare)
  const drawn = clicks.map((click) => click.drawn)
  const waited = clicks.flatMap(({ drawn, measure }) => (measure ? [{ drawn, ...measure }] : []))
  const parts =
    waited.length === 0
      ? 'all answered before the press'
      : `${waited.length} of ${clicks.length} still to be answered: request sent after ` +
        `${typical(waited.map(({ sent }) => sent))}, answered in ` +
        `${typical(waited.map(({ sent, answered }) => answered - sent))}, drawn ` +
        `${typical(waited.map(({ drawn, answered }) => drawn - answered))} later`
  return {
    id,
    name,
    unit: '×',
    goal: 1.3,
    value: ratioSpreadOf(drawn, bare),
    note: `${typical(drawn)} against ${typical(bare)}; ${parts}`,
  }
}

/**
 * @param {number} tokens
 * @param {readonly number[]} times
 * @param {number} bare ms
 * @returns {Row}
 */
function aheadRow(tokens, times, bare) {
  return {
    id: `click-ahead-${tokens}`,
    name: `the same for a token while the page measures ahead, ${tokens} tokens`,
    unit: '×',
    value: spreadOf(times.map((ms) => ms / bare)),
    note: `${typical(times)}; the forward under way ends first`,
  }
}

/**
 * @param {number} tokens
 * @param {Awaited<ReturnType<typeof clickKnown>>} clicks
 * @returns {Row[]}
 */
function knownRows(tokens, clicks) {
  const longest = Math.max(...clicks.map((click) => click.longest))
  return [
    {
      id: `known-work-${tokens}`,
      name: `main-thread work of a click answered from memory, ${tokens} tokens`,
      unit: 'ms',
      goal: 50,
      value: spreadOf(clicks.map(({ toCurve }) => toCurve)),
      note:
        `until the curve is drawn; ${typical(clicks.map(({ processor }) => processor))} of it on a processor; ` +
        `${typical(clicks.map(({ toRest }) => toRest))} until table and readings are filled too; longest task ` +
        `of all clicks ${longest.toFixed(1)} ms`,
    },
    {
      id: `known-latency-${tokens}`,
      name: `that click to drawn curve, ${tokens} tokens`,
      unit: 'ms',
      value: spreadOf(clicks.map(({ latency }) => latency)),
    },
  ]
}
