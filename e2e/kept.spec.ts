import type { CDPSession, Page } from '@playwright/test'
import { CORPUS_NOISE, csvOf, expectFinished, openCorpus, problem, runOver } from './support/corpus'
import { announcement, chooseToken, openLive, paste, review, tokens } from './support/explore'
import { notice } from './support/faults'
import { linkOf } from './support/link'
import { expect } from './support/page'
import { test } from './support/tinySite'

const FIRST = 'The film is good and the story is never dull.'
const SECOND = 'The plot is funny.'

const pins = (page: Page) => page.getByRole('region', { name: 'Pins' })
const undo = (page: Page) => page.getByRole('button', { name: 'Undo' })

const expectDistance = (page: Page, word: string) =>
  expect(announcement(page)).toContainText(new RegExp(`^${word} → .+: distance [\\d.]+`))

/** Leaves a pin on the first text, then the second text with a token chosen. */
async function work(page: Page): Promise<void> {
  await paste(page, FIRST)
  await chooseToken(page, 2)
  await expectDistance(page, 'film')
  await page.getByRole('button', { name: 'Pin', exact: true }).click()
  await paste(page, SECOND)
  await chooseToken(page, 4)
  await expectDistance(page, 'funny')
}

/** Expects what `work` left, with the way back to its beginning. */
async function expectWork(page: Page): Promise<void> {
  // Its substitute is shown next to the chosen token.
  await expect(tokens(page)).toHaveText(/^The plot is \S*funny\.$/)
  await expectDistance(page, 'funny')
  await expect(pins(page).getByRole('listitem')).toHaveCount(1)
}

/** Waits until the tab has saved this. */
const expectKept = (page: Page, text: string) =>
  expect.poll(() => page.evaluate(() => sessionStorage.getItem('ripplescope-tab'))).toContain(text)

/** Reads the session that a new tab begins with. */
const keptLast = (page: Page) =>
  page.evaluate(() => JSON.parse(localStorage.getItem('ripplescope-session') ?? '{}'))

/** Ends the tab's process. Playwright gives such a page up; the tab itself lives on, and is spoken to by the session. */
async function crash(page: Page): Promise<CDPSession> {
  const client = await page.context().newCDPSession(page)
  await client.send('Page.enable')
  const crashed = page.waitForEvent('crash')
  client.send('Page.crash').catch(() => undefined)
  await crashed
  return client
}

/** Loads a crashed tab again: until then there is nothing that could be asked. */
async function bringBack(client: CDPSession): Promise<void> {
  const loaded = new Promise((resolve) => client.once('Page.loadEventFired', resolve))
  await client.send('Page.reload')
  await loaded
}

/** Evaluates an expression in a tab that came back after a crash. */
async function valueIn(client: CDPSession, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = await client.send('Runtime.evaluate', {
    expression,
    returnByValue: true,
  })
  expect(exceptionDetails).toBeUndefined()
  return result.value
}

test('text, pins and undo history survive a reload, a crash, and another tab', async ({
  page,
  context,
  tinySite,
}) => {
  await openLive(page, '', tinySite)
  await work(page)

  await test.step('a reload', async () => {
    await page.reload()
    await expectWork(page)
    await undo(page).click()
    await undo(page).click()
    await expect(tokens(page)).toHaveText(/^The \S*film is good and the story is never dull\.$/)
    await undo(page).click()
    await expect(pins(page).getByRole('listitem')).toHaveCount(0)
    for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Redo' }).click()
    await expectWork(page)
  })

  const other = await context.newPage()
  await test.step('another tab begins with it, and each goes its own way', async () => {
    // A session saved at a step of the undoing above names the second text too, but only in its history.
    await expect.poll(() => keptLast(page)).toMatchObject({ text: SECOND, position: 4 })
    await openLive(other, '', tinySite)
    await expectWork(other)
    await expect(undo(other)).toBeDisabled()
    await paste(other, 'Of the other tab, good.')
    await expectKept(other, 'Of the other tab')
    await page.reload()
    await expectWork(page)
    await expect(undo(page)).toBeEnabled()
  })

  await test.step('a crash', async () => {
    await page.reload()
    await paste(page, 'Before the crash, good.')
    await expectKept(page, 'Before the crash')
    const client = await crash(page)
    await bringBack(client)
    const shown = `document.querySelector('.review-text')?.textContent`
    await expect.poll(() => valueIn(client, shown)).toBe('Before the crash, good.')
    expect(await valueIn(client, `document.querySelectorAll('.pins li').length`)).toBe(1)
    await valueIn(client, `document.querySelector('button[title^="Undo"]').click()`)
    await expect.poll(() => valueIn(client, shown)).toMatch(/^The plot is \S*funny\.$/)
    await expect(tokens(other)).toHaveText('Of the other tab, good.')
  })

  await test.step('what was edited last begins a new tab; a link that is only looked at changes nothing', async () => {
    await expect.poll(() => keptLast(other)).toMatchObject({ text: SECOND })
    await paste(other, 'Edited last, good.')
    await expect.poll(() => keptLast(other)).toMatchObject({ text: 'Edited last, good.' })
    await expectKept(other, 'Edited last')
    const linked = await context.newPage()
    await openLive(linked, linkOf([['Only looked at, good.']]), tinySite)
    await expect(tokens(linked)).toHaveText('Only looked at, good.')
    await expectKept(linked, 'Only looked at')
    await linked.close()
    const next = await context.newPage()
    await openLive(next, '', tinySite)
    await expect(tokens(next)).toHaveText('Edited last, good.')
  })
})

test.describe('runs', () => {
  test.use({ allowedProblems: CORPUS_NOISE })

  test('of this version survive a crash, and what a newer version kept is left untouched', async ({
    page: first,
    context,
    tinySite,
  }) => {
    const texts = ['The film is good.', 'The plot is dull.']
    await openCorpus(first, tinySite)
    await runOver(first, 'films.csv', csvOf(texts))
    await expectFinished(first, texts.length)
    // A new tab opens the run that the session kept last names.
    await expect.poll(() => keptLast(first)).toMatchObject({ run: { settings: expect.anything() } })
    await crash(first)
    const page = await context.newPage()
    await openCorpus(page, tinySite)
    await expect(page.locator('main#corpus')).toContainText('films.csv')

    // A newer page brings a newer database, and its own sessions.
    const body = '<!doctype html><link rel="icon" href="data:,">'
    await page.route('**/blank', (route) => route.fulfill({ contentType: 'text/html', body }))
    await page.goto(`${tinySite}blank`)
    const newer = await page.evaluate(async () => {
      await new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('ripplescope-corpus', 2)
        opening.onsuccess = () => {
          opening.result.close()
          resolve()
        }
        opening.onerror = () => reject(opening.error)
      })
      const kept = JSON.stringify({ format: 'ripplescope-session', version: 99, text: 'of a newer version' })
      localStorage.setItem('ripplescope-session', kept)
      sessionStorage.clear()
      return kept
    })
    await openCorpus(page, tinySite)
    await expect(notice(page)).toContainText('was written by a newer version of Ripplescope')
    await runOver(page, 'films.csv', csvOf(texts))
    await expectFinished(page, texts.length)
    await expect(problem(page)).toContainText('The runs kept here were written by a newer version')
    await expect(problem(page)).toContainText('The run goes on in memory.')
    const left = await page.evaluate(async () => ({
      session: localStorage.getItem('ripplescope-session'),
      databases: await indexedDB.databases(),
    }))
    expect(left).toMatchObject({
      session: newer,
      databases: expect.arrayContaining([{ name: 'ripplescope-corpus', version: 2 }]),
    })
    await expect(review(page)).toHaveCount(0)
  })
})
