import { expectAccessible, overflow } from './support/axe'
import {
  allowCalls,
  CORPUS_NOISE,
  corpus,
  csvOf,
  drop,
  expectAtGate,
  expectFinished,
  figure,
  malformedCsv,
  openCorpus,
  problem,
  recordsOf,
  reviewText,
  runOver,
  runStatus,
  scatter,
  sourceDialog,
} from './support/corpus'
import { modelLine } from './support/explore'
import { tabTo } from './support/keyboard'
import { expect } from './support/page'
import { test } from './support/tinySite'

test.use({ allowedProblems: CORPUS_NOISE })

const malformed = malformedCsv(12)
const TEXTS = Array.from({ length: 40 }, (_, index) => reviewText(index))

for (const viewport of [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
]) {
  test.describe(`${viewport.width} px`, () => {
    test.use({ viewport })

    test('axe finds nothing to object to in Corpus, and nothing scrolls sideways', async ({
      page,
      tinySite,
    }) => {
      await openCorpus(page, tinySite)
      await test.step('no run', async () => expectAccessible(page, '#corpus'))

      await test.step('the source, the settings', async () => {
        await drop(page, 'films.csv', malformed.csv)
        await expect(sourceDialog(page)).toContainText('3 rows among the first could not be read')
        await expectAccessible(page, 'dialog[open]')
        await sourceDialog(page).getByRole('button', { name: 'Settings' }).click()
        const settings = page.getByRole('dialog', { name: 'Settings of the next run' })
        await expect(settings).toBeVisible()
        await settings.getByLabel('Random pairs').fill('1')
        await settings.getByLabel('Seed').fill('-')
        await expectAccessible(page, 'dialog[open]')
        await settings.getByLabel('Seed').fill('7')
        await allowCalls(page, 4)
        await settings.getByRole('button', { name: 'Run', exact: true }).click()
      })

      await test.step('running', async () => {
        await expectAtGate(page)
        await expectAccessible(page, '.corpus-head')
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        await allowCalls(page, Number.POSITIVE_INFINITY)
      })

      await test.step('finished, with a selection and tables', async () => {
        await expectFinished(page, malformed.texts.length)
        await corpus(page).locator('.skipped summary').click()
        await corpus(page).getByRole('button', { name: 'Select what is visible' }).first().click()
        for (const title of ['Identifiability', 'Other perturbations']) {
          await figure(page, title).getByRole('button', { name: 'Table', exact: true }).click()
        }
        await expectAccessible(page)
        expect(await overflow(page)).toBeLessThanOrEqual(0)
      })

      await test.step('saved runs', async () => {
        await corpus(page).getByRole('button', { name: 'Saved runs (1)' }).click()
        await expect(page.getByRole('dialog', { name: 'Saved runs' })).toBeVisible()
        await expectAccessible(page, 'dialog[open]')
      })
    })
  })
}

test('from the source to a finished run and a table by keyboard alone', async ({ page, tinySite }) => {
  const { keyboard } = page
  await openCorpus(page, tinySite)
  await modelLine(page).focus()
  await tabTo(page, corpus(page).getByRole('button', { name: 'Use the sample reviews' }))
  await keyboard.press('Enter')
  const dialog = sourceDialog(page)
  await expect(dialog).toContainText('short-reviews.jsonl')
  await tabTo(page, dialog.getByRole('button', { name: 'Settings' }))
  await keyboard.press('Enter')
  const settings = page.getByRole('dialog', { name: 'Settings of the next run' })
  await tabTo(page, settings.getByLabel('Sample size'))
  await keyboard.press('ControlOrMeta+a')
  await keyboard.type('16')
  await keyboard.press('Enter')
  await expectFinished(page, 16)

  await tabTo(page, scatter(page))
  await keyboard.press('End')
  await expect(scatter(page)).toHaveAttribute('aria-valuetext', /, commonness .*, shift /)
  await keyboard.press('Escape')
  const panel = figure(page, 'Identifiability')
  await tabTo(page, panel.getByRole('button', { name: 'Table', exact: true }))
  await keyboard.press('Enter')
  await expect(panel.getByRole('table')).toBeVisible()
})

test('without storage a run goes on in memory, and says so', async ({ page, tinySite }) => {
  // The store of runs opens its database in the worker, before whose code this is put.
  const denied = `IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError') };`
  await page.route('**/assets/corpus.worker-*.js', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `${denied}${await response.text()}` })
  })
  await openCorpus(page, tinySite)
  await runOver(page, 'films.csv', csvOf(TEXTS))
  await expectFinished(page, TEXTS.length)
  await expect(problem(page)).toContainText('The run goes on in memory.')
  await expect(problem(page)).toContainText('Download its records before the page closes')
  expect((await recordsOf(page)).length).toBeGreaterThan(10_000)
})

test('a corpus worker that dies is replaced, and one button goes on', async ({
  page,
  tinySite,
  freshContext,
}) => {
  await openCorpus(page, tinySite)
  await allowCalls(page, 20)
  await runOver(page, 'films.csv', csvOf(TEXTS))
  await expectAtGate(page)
  await page.evaluate(() => {
    const { corpusWorker } = window as unknown as { corpusWorker: Worker }
    corpusWorker.terminate()
    corpusWorker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }))
  })
  await expect(problem(page)).toContainText('The worker that reads and counts stopped: out of memory')
  await expect(runStatus(page)).toHaveText(/^paused: \d+ of 40 reviews$/)
  await allowCalls(page, Number.POSITIVE_INFINITY)
  await corpus(page).getByRole('button', { name: 'Resume', exact: true }).click()
  await expectFinished(page, TEXTS.length)
  await expect(problem(page)).toHaveCount(0)

  const other = await (await freshContext()).newPage()
  await openCorpus(other, tinySite)
  await runOver(other, 'films.csv', csvOf(TEXTS))
  await expectFinished(other, TEXTS.length)
  expect((await recordsOf(page)) === (await recordsOf(other)), 'the same records, bit for bit').toBe(true)
})
