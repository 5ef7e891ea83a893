import type { Page } from '@playwright/test'
import {
  allowCalls,
  CORPUS_NOISE,
  csvOf,
  expectAtGate,
  expectFinished,
  openCorpus,
  problem,
  reviewText,
  runOver,
  runStatus,
} from './support/corpus'
import { announcement, chooseToken, modelLine, openLive, paste, review, tokens } from './support/explore'
import {
  expectStopped,
  loadFailure,
  notice,
  putBefore,
  recordWorkers,
  stopAtNext,
  workersOf,
} from './support/faults'
import { openGate } from './support/gate'
import { expect, openApp } from './support/page'
import { test } from './support/tinySite'

const REVIEW = 'The film is good and the story is never dull.'

const pins = (page: Page) => page.getByRole('region', { name: 'Pins' })

const expectDistance = (page: Page, word: string) =>
  expect(announcement(page)).toContainText(new RegExp(`^${word} → .+: distance [\\d.]+`))

async function dismiss(page: Page): Promise<void> {
  await notice(page).getByRole('button', { name: 'Dismiss' }).click()
  await expect(notice(page)).toHaveCount(0)
}

/** Clicks the one button, after which the model is open. */
async function tryAgain(page: Page): Promise<void> {
  await loadFailure(page).getByRole('button', { name: 'Try again' }).click()
  await expect(modelLine(page)).toContainText(/WASM × \d/)
  await expect(loadFailure(page)).toHaveCount(0)
}

test('a worker that stops in the middle of a measurement is replaced, and the fourth time a button goes on', async ({
  page,
  tinySite,
}) => {
  await recordWorkers(page)
  await openLive(page, '', tinySite)
  await paste(page, 'The film is funny.')
  await chooseToken(page, 2)
  await expectDistance(page, 'film')
  await page.getByRole('button', { name: 'Pin', exact: true }).click()
  await expect(pins(page).getByRole('listitem')).toHaveCount(1)

  await test.step('ended by the browser, without a word', async () => {
    await stopAtNext(page, 'measure')
    await paste(page, REVIEW)
    await chooseToken(page, 4)
    await expectStopped(page)
    await expect(notice(page)).toContainText('The worker that runs the model stopped.')
    await expect(notice(page)).toContainText('Your text and pins are kept.')
    await expect(notice(page)).toContainText('It was started again, and what was asked is measured again.')
    await expectDistance(page, 'good')
    await dismiss(page)
  })

  await test.step('ended by an exception of its own', async () => {
    const worker = workersOf(page, 'explorer').at(-1)
    // The page ends it at once: the evaluation's own answer may be lost with it.
    await worker
      ?.evaluate(() => {
        setTimeout(() => {
          throw new Error('thrown on purpose')
        })
      })
      .catch(() => undefined)
    await paste(page, 'The story is good.')
    await expect(notice(page)).toContainText('The worker that runs the model stopped: Uncaught Error: thrown')
    await chooseToken(page, 2)
    await expectDistance(page, 'story')
    await dismiss(page)
  })

  await test.step('ended every time', async () => {
    await stopAtNext(page, 'tokenize')
    await paste(page, 'The plot is good.')
    await expect(notice(page)).toContainText('It was started again')
    await stopAtNext(page, 'tokenize')
    await paste(page, 'The cast is good.')
    await expect(loadFailure(page)).toContainText('The model stopped again and again.')
    await expect(loadFailure(page)).toContainText('Your text and pins are kept.')
    await tryAgain(page)
    await chooseToken(page, 2)
    await expectDistance(page, 'cast')
    await expect(pins(page).getByRole('listitem')).toHaveCount(1)
  })
})

test('out of memory, and a file that is cut off: a sentence, and a button that goes on where it stopped', async ({
  page,
  tinySite,
  origins,
}) => {
  const gate = await openGate(tinySite, /\.safetensors$/)
  origins.add(gate.origin)
  await putBefore(
    page,
    'explorer',
    "WebAssembly.Memory = class { constructor() { throw new RangeError('WebAssembly.Memory(): could not allocate memory') } }",
  )
  await openApp(page, '', gate.url)
  await paste(page, REVIEW)
  await expect(loadFailure(page)).toContainText('The browser has no more memory for this model')
  await expect(loadFailure(page)).toContainText('Your text and pins are kept.')
  await expect(loadFailure(page)).toContainText('Close other tabs or programs, or choose a smaller model')

  await page.unrouteAll()
  const asked: (string | undefined)[] = []
  page.context().on('request', (request) => {
    if (request.url().endsWith('.safetensors')) asked.push(request.headers().range)
  })
  gate.letThrough(100_000)
  await loadFailure(page).getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('progressbar', { name: 'Model load' })).toHaveAttribute('aria-valuenow', '62')
  gate.breakOff()
  await expect(loadFailure(page)).toContainText(/model\.safetensors was cut off after [\d.]+ of [\d.]+ kB\./)
  await expect(loadFailure(page)).toContainText('What has come is kept, and so are your text and pins.')
  gate.open()
  await tryAgain(page)
  expect(asked).toEqual([undefined, 'bytes=100000-'])
  await chooseToken(page, 2)
  await expectDistance(page, 'film')
  await gate.close()
})

test.describe('a browser that keeps nothing', () => {
  test('because its space is full says so once, and the page goes on', async ({ page, tinySite }) => {
    await page.addInitScript(() => {
      const refuse = () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
      }
      Storage.prototype.setItem = refuse
      IDBObjectStore.prototype.put = refuse
      Cache.prototype.put = refuse
    })
    await openLive(page, '', tinySite)
    await paste(page, REVIEW)
    await expect(notice(page)).toContainText('The space that this browser grants the page is full')
    await expect(notice(page)).toContainText('All works, but a reload brings back what was kept before')
    await dismiss(page)
    await chooseToken(page, 4)
    await expectDistance(page, 'good')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.locator('[data-roving][aria-pressed="true"]')).toHaveCount(0)
    await expect(notice(page)).toHaveCount(0)
  })

  test('because it is private says so once, and the page goes on', async ({ page, tinySite }) => {
    await page.addInitScript(() => {
      const denied = () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError')
      }
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
        Object.defineProperty(window, name, { get: denied })
      }
    })
    await openLive(page, '', tinySite)
    await expect(notice(page)).toContainText('This browser keeps nothing for this page (storage is denied).')
    await expect(notice(page)).toContainText('All works, but a reload forgets the session')
    await dismiss(page)
    await paste(page, REVIEW)
    await chooseToken(page, 4)
    await expectDistance(page, 'good')
    await page.getByRole('button', { name: 'Models', exact: true }).click()
    await expect(page.locator('main#models .model-name')).toHaveText('tiny-bert')
    await expect(notice(page)).toHaveCount(0)
  })
})

test.describe('a run over a corpus', () => {
  test.use({ allowedProblems: CORPUS_NOISE })

  test('is sane after an hour hidden and a clock moved back a day, and goes on when its worker is ended', async ({
    page,
    tinySite,
  }) => {
    const texts = Array.from({ length: 40 }, (_, index) => reviewText(index))
    const saidWhileRunning = /^\d+ of 40 reviews(, about (less than a minute|\d+ s|\d+ min( \d+ s)?) left)?$/
    await openCorpus(page, tinySite)
    await allowCalls(page, 10)
    await runOver(page, 'films.csv', csvOf(texts))
    await expectAtGate(page)
    const [worker] = workersOf(page, 'corpus')
    // Sets a thread's clocks as after an hour asleep, and as after the system's own was set back.
    const moveClocks = () => {
      const now = performance.now.bind(performance)
      performance.now = () => now() + 3_600_000
      const { now: date } = Date
      Date.now = () => date() - 86_400_000
    }
    await worker.evaluate(moveClocks)
    await page.evaluate(moveClocks)
    for (const hidden of [true, false]) {
      await page.evaluate((isHidden) => {
        Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, hidden)
    }
    await allowCalls(page, 10)
    await expectAtGate(page)
    await expect(runStatus(page)).toHaveText(saidWhileRunning)

    // Its answer may be lost with it.
    await worker.evaluate(() => self.close()).catch(() => undefined)
    await expect(problem(page)).toContainText('The worker that reads and counts stopped.')
    await expect(problem(page)).toContainText('All complete batches are stored.')
    await expect(runStatus(page)).toHaveText(/^paused: \d+ of 40 reviews$/)
    await allowCalls(page, Number.POSITIVE_INFINITY)
    await page.getByRole('button', { name: 'Resume', exact: true }).click()
    await expectFinished(page, 40)
    await expect(problem(page)).toHaveCount(0)
  })
})

/** Pastes what the clipboard would not carry: lone surrogates. */
async function pasteRaw(page: Page, text: string): Promise<void> {
  await page.evaluate(
    (units) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', String.fromCharCode(...units))
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
    },
    text.split('').map((unit) => unit.charCodeAt(0)),
  )
}

/** Returns the UTF-16 units of the text that tokens and the gaps between them show. */
const shownUnits = (page: Page) =>
  tokens(page).evaluate((group) => {
    const shown = group.textContent ?? ''
    return Array.from({ length: shown.length }, (_, index) => shown.charCodeAt(index))
  })

test('text of every kind lines up with its tokens, and clicking works', async ({ page, tinySite }) => {
  await openLive(page, '', tinySite)
  const words: readonly (readonly [name: string, text: string])[] = [
    ['right to left', '\u05e9\u05dc\u05d5\u05dd good film \u0645\u0631\u062d\u0628\u0627 dull'],
    ['combining marks', 'cafe\u0301 good fi\u0302lm o\u0308\u0323\u0304 dull'],
    ['zero width', '\ufefffilm\u200b is\u200d good\u2060 and dull\u00ad'],
    ['emoji of several', '\ud83d\udc69\u200d\ud83d\udc67 good film \ud83c\uddec\ud83c\uddea dull'],
    ['lone surrogates', 'film \ud800 good \udc00film dull \ud83d'],
    ['controls', 'film\u0000 good\u0007\u001b[31m \u2028film\u202edull\u202c'],
  ]
  for (const [name, text] of words) {
    await test.step(name, async () => {
      await pasteRaw(page, text)
      const good = tokens(page).getByRole('button', { name: /^good/ })
      await expect(good).toBeVisible()
      await expect.poll(() => shownUnits(page)).toEqual(text.split('').map((unit) => unit.charCodeAt(0)))
      await good.click()
      await expectDistance(page, 'good')
      await page.keyboard.press('ArrowRight')
    })
  }

  await test.step('10,000 tokens', async () => {
    await paste(page, 'good film dull '.repeat(3334))
    await expect(review(page).getByRole('heading')).toContainText('10,004 / 64 tokens, cut at the limit')
    await chooseToken(page, 62)
    await expectDistance(page, 'film')
  })

  await test.step('5 MB', async () => {
    await pasteRaw(page, 'dull ')
    await page.evaluate(() => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'good film dull '.repeat(350_000))
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
    })
    await expect(review(page).getByRole('heading')).toContainText('/ 64 tokens, cut at the limit')
    await expect(review(page)).toContainText(/… and 5,2\d\d,\d{3} more characters/)
    await chooseToken(page, 1)
    await expectDistance(page, 'good')
    await expect(notice(page)).toContainText('or the text is too long for it')
    await dismiss(page)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(tokens(page)).toHaveText(/^\s*dull\s*$/)
  })
})
