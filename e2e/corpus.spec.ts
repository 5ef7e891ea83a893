import type { Page } from '@playwright/test'
import {
  allowCalls,
  CORPUS_NOISE,
  corpus,
  csvOf,
  drop,
  expectAtGate,
  expectFinished,
  exploreAnnouncement,
  malformedCsv,
  openCorpus,
  pointCount,
  recordsOf,
  reviewText,
  runButton,
  runOver,
  runStatus,
  scatter,
  showCorpus,
  sourceDialog,
  walkToPoint,
} from './support/corpus'
import { chooseToken, exportedJson, tokenAt } from './support/explore'
import { expectAddress, sharedFragment } from './support/link'
import { chooseExport, download, expect } from './support/page'
import { test } from './support/tinySite'

test.use({ allowedProblems: CORPUS_NOISE })

const ROWS = 200
const GOOD = ROWS - 3

const button = (page: Page, name: string) => corpus(page).getByRole('button', { name, exact: true })

test('a table with malformed rows: run, pause, reload, resume, crash, resume, finish, as if nothing had happened', async ({
  page,
  tinySite,
  freshContext,
}) => {
  const { csv, lines } = malformedCsv(ROWS)
  await openCorpus(page, tinySite)

  await test.step('the preview names the malformed rows by their lines', async () => {
    await drop(page, 'films.csv', csv)
    const dialog = sourceDialog(page)
    await expect(dialog).toContainText('films.csv CSV')
    await expect(dialog.getByRole('radio', { name: /^review likely/ })).toBeChecked()
    await expect(dialog).toContainText('3 rows among the first could not be read and will be left out')
    for (const line of lines) await expect(dialog).toContainText(`line ${line}: `)
  })

  await test.step('the run names them too, and keeps the others', async () => {
    await allowCalls(page, 60)
    await runButton(page).click()
    await expectAtGate(page)
    await expect(corpus(page)).toContainText(`${GOOD} rows · sample of ${GOOD} · seed 7`)
    const skipped = corpus(page).locator('.skipped')
    await expect(skipped.locator('summary')).toHaveText('3 rows skipped')
    await skipped.locator('summary').click()
    await expect(skipped.getByRole('listitem')).toHaveText([
      `line ${lines[0]}: 4 fields where the header has 2`,
      `line ${lines[1]}: a quote inside a quoted field that is not doubled`,
      `line ${lines[2]}: 3 fields where the header has 2`,
    ])
  })

  await test.step('partial figures say their n; pause', async () => {
    await expect(scatter(page)).toBeVisible()
    await button(page, 'Pause').click()
    await allowCalls(page, Number.POSITIVE_INFINITY)
    await expect(runStatus(page)).toHaveText(/^paused: \d+ of 197 reviews$/)
  })

  await test.step('reload: the same run is open, paused; resume', async () => {
    await page.reload()
    await expect(runStatus(page)).toHaveText(/^paused: \d+ of 197 reviews$/)
    await allowCalls(page, 60)
    await button(page, 'Resume').click()
    await expectAtGate(page)
  })

  await test.step('the page goes away in the middle of it; resume, finish', async () => {
    await expect(runStatus(page)).toHaveText(/of 197 reviews, about/)
    await page.reload()
    await expect(runStatus(page)).toHaveText(/^paused: \d+ of 197 reviews$/)
    await button(page, 'Resume').click()
    await expectFinished(page, GOOD)
  })

  await test.step('another browser that is never interrupted writes the same records', async () => {
    const other = await (await freshContext()).newPage()
    await openCorpus(other, tinySite)
    await runOver(other, 'films.csv', csv)
    await expectFinished(other, GOOD)
    const [interrupted, whole] = [await recordsOf(page), await recordsOf(other)]
    expect(whole.length).toBeGreaterThan(100_000)
    expect(interrupted === whole, 'the same records, bit for bit').toBe(true)
    await other.close()
  })
})

/** Finishes a small run and returns its texts. */
async function finishSmallRun(page: Page, url: string, rows = 24): Promise<readonly string[]> {
  const texts = Array.from({ length: rows }, (_, index) => reviewText(index))
  await openCorpus(page, url)
  await runOver(page, 'small.csv', csvOf(texts))
  await expectFinished(page, rows)
  return texts
}

interface RunJson {
  readonly status: string
  readonly header: { readonly settings: object }
  readonly tables: Readonly<
    Record<string, { rows: number; columns: { name: string; values: (number | null)[] }[] }>
  >
}

const pointsOf = ({ occurrences }: RunJson['tables']) => `n ${occurrences.rows.toLocaleString('en')}`

async function tablesOf(page: Page) {
  const { tables, ...rest } = JSON.parse(await recordsOf(page)) as RunJson
  const column = (table: string, name: string) =>
    tables[table].columns.find((found) => found.name === name)?.values ?? []
  return { ...rest, tables, column }
}

test('cancel leaves a partial result that says so, and can be taken away', async ({
  page,
  tinySite,
  freshContext,
}) => {
  await openCorpus(page, tinySite)
  await allowCalls(page, 60)
  await runOver(page, 'films.csv', malformedCsv(ROWS).csv)
  await expectAtGate(page)
  await button(page, 'Cancel').click()
  await allowCalls(page, Number.POSITIVE_INFINITY)
  await expect(runStatus(page)).toHaveText(/^partial: \d+ of 197 reviews, cancelled$/)
  const said = (await runStatus(page).textContent()) ?? ''
  const done = Number(/\d+/.exec(said)?.[0])
  expect(done).toBeGreaterThan(10)
  expect(done).toBeLessThan(GOOD)
  const { status, tables } = await tablesOf(page)
  expect(status).toBe('cancelled')
  expect(tables.sequences.rows).toBe(done)
  await expect(pointCount(page)).toHaveText(pointsOf(tables))
  await expect(corpus(page)).toContainText(`n ${done}`)

  const file = await download(page, () => chooseExport(page, 'Records', 'Parquet'))
  const other = await (await freshContext()).newPage()
  await openCorpus(other, tinySite)
  await drop(other, file.name, file.bytes)
  await expect(runStatus(other)).toHaveText(said)
  expect(await recordsOf(other)).toBe(await recordsOf(page))
})

test('a point opens its review on its token, by pointer and by keyboard; back returns', {
  tag: '@quick',
}, async ({ page, tinySite }) => {
  const texts = await finishSmallRun(page, tinySite)
  const { column, tables } = await tablesOf(page)
  await expect(pointCount(page)).toHaveText(pointsOf(tables))
  const [rows, positions] = [column('sequences', 'row'), column('occurrences', 'position')]
  const [sequences, shifts] = [column('occurrences', 'sequence'), column('occurrences', 'shift_l2')]

  /** Expects Explore at an occurrence with this shift. */
  async function expectOpened(words: string): Promise<void> {
    const [, token, shown] = /^(.+), commonness .*, shift ([\d.e-]+)$/.exec(words) ?? []
    await expect(exploreAnnouncement(page)).toContainText(`${token} → `)
    const { position, shift, text } = await exportedJson(page)
    expect(Math.abs(shift.l2 - Number(shown))).toBeLessThan(0.01 * shift.l2)
    const found = shifts.findIndex(
      (value, row) =>
        Math.abs((value ?? 0) - shift.l2) < 1e-4 * shift.l2 &&
        positions[row] === position &&
        texts[rows[sequences[row] ?? 0] ?? 0] === text,
    )
    expect(found, `${words} is no occurrence of the records`).toBeGreaterThanOrEqual(0)
    // The way back is there once the step has an entry in the browser's history.
    await expectAddress(page, position ?? Number.NaN)
  }

  const { words } = await walkToPoint(page, 40)
  await page.keyboard.press('Enter')
  await expectOpened(words)
  await page.goBack()
  await expect(scatter(page)).toBeVisible()
  await expectFinished(page, texts.length)

  const { words: clicked, x, y } = await walkToPoint(page, 9)
  await page.keyboard.press('Escape')
  const plot = await page.locator('.corpus-plot').first().boundingBox()
  await page.mouse.move((plot?.x ?? 0) + x, (plot?.y ?? 0) + y)
  await expect(scatter(page)).toHaveAttribute('aria-valuetext', clicked)
  await expect(corpus(page).locator('.point-context')).toContainText('commonness')
  await page.mouse.down()
  await page.mouse.up()
  await expectOpened(clicked)
  await page.goBack()
  await expect(scatter(page)).toBeVisible()
})

test('Explore answers while a run is on', async ({ page, tinySite }) => {
  await openCorpus(page, tinySite)
  await drop(page, 'many.csv', csvOf(Array.from({ length: 2000 }, (_, index) => reviewText(index))))
  await sourceDialog(page).getByRole('button', { name: 'Settings' }).click()
  const settings = page.getByRole('dialog', { name: 'Settings of the next run' })
  await settings.getByLabel('Sample size').fill('2000')
  await settings.getByLabel('Random pairs').fill('10')
  await settings.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(runStatus(page)).toHaveText(/of 2,000 reviews/)

  await page.getByRole('button', { name: 'Explore', exact: true }).click()
  for (const position of [4, 7]) {
    const word = await tokenAt(page, position).textContent()
    await chooseToken(page, position)
    await expect(exploreAnnouncement(page)).toContainText(new RegExp(`^${word} → .*: distance`))
  }
  await showCorpus(page)
  await expect(runStatus(page)).toHaveText(/of 2,000 reviews/)
  await expect(button(page, 'Pause')).toBeVisible()
  await button(page, 'Cancel').click()
  await expect(runStatus(page)).toHaveText(/^partial: /)
})

test("a run's link carries its settings, and gives the same numbers", async ({
  page,
  tinySite,
  freshContext,
}) => {
  await openCorpus(page, tinySite)
  await button(page, 'Use the sample reviews').click()
  await sourceDialog(page).getByRole('button', { name: 'Settings' }).click()
  const settings = page.getByRole('dialog', { name: 'Settings of the next run' })
  await settings.getByLabel('Sample size').fill('16')
  await settings.getByLabel('Seed').fill('12345')
  await settings.getByText('l1', { exact: true }).click()
  await settings.getByLabel('Random pairs').fill('1')
  await settings.getByRole('checkbox', { name: 'random token' }).check()
  await settings.getByRole('button', { name: 'Run', exact: true }).click()
  await expectFinished(page, 16)
  const fragment = await sharedFragment(page)
  const records = await recordsOf(page)

  const other = await (await freshContext()).newPage()
  await openCorpus(other, tinySite, fragment)
  const offer = corpus(other).locator('.corpus-offer')
  await expect(offer).toContainText(
    'Not run yet: a sample of 16 over Sample reviews · seed 12345 · l1 · no filters',
  )
  await offer.getByRole('button', { name: 'Run it' }).click()
  await expectFinished(other, 16)
  expect(await recordsOf(other)).toBe(records)
})

test('a downloaded run opens elsewhere with the same figures, and is compared with another; a damaged one is refused in words', async ({
  page,
  tinySite,
  freshContext,
}) => {
  await finishSmallRun(page, tinySite)
  const findings = corpus(page).locator('.finding')
  await expect(findings.filter({ hasText: 'in 24 texts' })).toHaveCount(1)
  const [said, records] = [await findings.allTextContents(), await recordsOf(page)]
  const files = [
    await download(page, () => chooseExport(page, 'Records', 'JSON')),
    await download(page, () => chooseExport(page, 'Records', 'Parquet')),
    await download(page, () => chooseExport(page, 'Records', 'CSV')),
  ]
  expect(files.map(({ name }) => name)).toEqual([
    'ripplescope-small.json',
    'ripplescope-small.parquet.zip',
    'ripplescope-small.csv.zip',
  ])

  const other = await (await freshContext()).newPage()
  await openCorpus(other, tinySite)
  for (const { name, bytes } of files) {
    await test.step(name, async () => {
      const found = corpus(other).locator('.finding')
      const former = await found.elementHandles()
      await drop(other, name, bytes)
      for (const finding of former) await finding.waitForElementState('hidden')
      await expectFinished(other, 24)
      await expect.poll(() => found.allTextContents()).toEqual(said)
      expect(await recordsOf(other)).toBe(records)
    })
    await test.step(`${name}, damaged`, async () => {
      await drop(other, name, bytes.subarray(0, Math.floor(bytes.length / 2)))
      const refusal = other.locator('.notice')
      await expect(refusal).toContainText(/damaged/i)
      await refusal.getByRole('button', { name: 'Dismiss' }).click()
      await expect(refusal).toHaveCount(0)
      await expectFinished(other, 24)
    })
  }
  await other.close()

  await test.step('a run is kept beside the next one', async () => {
    await button(page, 'Compare…').click()
    await page.getByRole('button', { name: 'Compare with the next run' }).click()
    const comparison = page.getByRole('region', { name: 'Comparison of two runs' })
    await expect(comparison).toContainText('This run over small.csv is kept.')
    await runOver(page, 'fewer.csv', csvOf(Array.from({ length: 9 }, (_, index) => reviewText(50 + index))))
    await expectFinished(page, 9)
    await expect(comparison).toContainText(
      'The same model. Other texts: fewer.csv (9 rows) against small.csv (24 rows).',
    )
    await comparison.getByText(/^Differences, statistic by statistic/).click()
    // The last figures come after the run has finished.
    const compared = comparison.getByRole('row').filter({ hasText: 'mean distance, all ranks' }).first()
    await expect(compared.getByRole('cell', { name: '45', exact: true })).toBeVisible()
    const { bytes } = await download(page, () => chooseExport(comparison, 'Differences', 'JSON'))
    const { run, compared: other, rows } = JSON.parse(bytes.toString('utf8'))
    expect([run.origin.name, other.origin.name]).toEqual(['fewer.csv', 'small.csv'])
    expect(rows.find(({ figure }: { figure: string }) => figure === 'propagation')).toMatchObject({
      statistic: 'mean distance, all ranks',
      layer: 0,
      n: 45,
      n_compared: 120,
    })
    const propagation = corpus(page).getByRole('slider', { name: /^Propagation by rank/ })
    await propagation.press('Home')
    await expect(
      corpus(page)
        .locator('.chart', { has: page.getByRole('slider', { name: /^Propagation by rank/ }) })
        .locator('[aria-live]'),
    ).toHaveText(/^embedding layer: .*(fewer|small)\.csv/)
    const { tables } = await tablesOf(page)
    await expect(pointCount(page)).toHaveText(pointsOf(tables))
    await corpus(page).locator('label', { hasText: 'small.csv' }).first().click()
    await expect(pointCount(page)).not.toHaveText(pointsOf(tables))
    await comparison.getByRole('button', { name: 'Stop comparing' }).click()
    await expect(comparison).toBeHidden()
    await expect(pointCount(page)).toHaveText(pointsOf(tables))
  })
})
