import { recordPage } from './recordPage.mjs'
import { THREADS } from './site.mjs'

/** @typedef {import('@playwright/test').Page} Page */

const VIEWPORT = { width: 1280, height: 2000 }
export const PATIENCE = 300_000

/** Time after which the runtime's threads, which wait for more work for a while, have gone to sleep, ms. */
const REST_MS = 80

/** @param {number} ms */
export const rest = (ms = REST_MS) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Opens a page in a fresh profile that records its curves. Reduced motion: the frame with the new values shows the
 * whole curve.
 *
 * @param {import('@playwright/test').Browser} browser
 * @param {object} [options]
 * @param {boolean} [options.records] false where memory is measured: what is recorded grows with every call
 */
export async function freshPage(browser, { records = true } = {}) {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    reducedMotion: 'reduce',
    // Saving the page for the next visit would run during the measurement.
    serviceWorkers: 'block',
  })
  context.setDefaultTimeout(PATIENCE)
  if (records) await context.addInitScript(recordPage)
  return context.newPage()
}

/**
 * Opens the benchmark's own worker inside the page (bench/probe), with a text for its forwards.
 *
 * @param {Page} page
 * @param {import('./site.mjs').Site} site
 * @param {string} text
 * @returns {Promise<number>} tokens of the text
 */
export async function openProbe(page, site, text) {
  await page.addScriptTag({ url: 'bench/probe.js', type: 'module' })
  await page.waitForFunction(() => 'probe' in window, undefined, { timeout: PATIENCE })
  return page.evaluate(
    async ([pageUrl, threads, text]) => {
      await window.probe.open(pageUrl, threads, null)
      return window.probe.prepare(text)
    },
    /** @type {const} */ ([site.url, THREADS, text]),
  )
}

/**
 * Holds what the page recorded; see `recordPage`.
 *
 * @typedef {Window & { record: import('./recordPage.mjs').PageRecord }} RecordedWindow
 */

/** @param {Page} page */
export const whenQuiet = (page) =>
  page.evaluate(() => /** @type {RecordedWindow} */ (/** @type {unknown} */ (window)).record.whenQuiet())

/**
 * Waits until the page has drawn more than `former` curves.
 *
 * @param {Page} page
 * @param {number} [former]
 */
export async function whenDrawn(page, former = 0) {
  await page.waitForFunction(
    (count) => /** @type {RecordedWindow} */ (/** @type {unknown} */ (window)).record.curves.length > count,
    former,
    { polling: 100, timeout: PATIENCE },
  )
}

/** @param {Page} page */
export const recordOf = (page) =>
  page.evaluate(() => {
    const { curves, click, calls } = /** @type {RecordedWindow} */ (/** @type {unknown} */ (window)).record
    return { curves, click, calls }
  })

/** Time that a hand rests on what it is about to click, ms. */
export const HAND_REST = 150

/**
 * Clicks, and waits until the curve shows what the click asked for.
 *
 * @param {Page} page
 * @param {import('@playwright/test').Locator} target
 * @param {number} [handRest] ms between the pointer's coming and the press
 * @returns {Promise<{ drawn: number, calls: { method: string, sent: number, answered: number }[] }>} ms from the click
 *   event to the frame, and the calls to the model that were answered in between, times from the click on
 */
export async function clickToCurve(page, target, handRest = HAND_REST) {
  await target.scrollIntoViewIfNeeded()
  await rest(20)
  const box = await target.boundingBox()
  if (!box) throw new Error(`not on the page: ${target}`)
  const former = (await recordOf(page)).curves.length
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  if (handRest > 0) await rest(handRest)
  await page.mouse.down()
  await page.mouse.up()
  await whenDrawn(page, former)
  const { curves, click, calls } = await recordOf(page)
  const start = click ?? Number.NaN
  const { time } = curves[former]
  return {
    drawn: time - start,
    calls: calls
      .filter(({ answered }) => answered > start && answered <= time)
      .map(({ method, sent, answered }) => ({ method, sent: sent - start, answered: answered - start })),
  }
}

/**
 * Finds the token at a position of the input ids.
 *
 * @param {Page} page
 * @param {number} position
 */
export const tokenAt = (page, position) => page.locator(`.review-text [data-roving="${position}"]`)

/** Returns the table of the substitutes of one token, with its buttons. @param {import('@playwright/test').Page} page */
export const substituteTable = (page) => page.getByRole('radiogroup', { name: 'Substitute', exact: true })

/**
 * Shows a text of one's own, as a link does.
 *
 * @param {Page} page
 * @param {string} fragment
 */
export async function showLink(page, fragment) {
  const { curves } = await recordOf(page)
  await page.evaluate((hash) => {
    location.hash = hash
  }, fragment)
  await whenDrawn(page, curves.length)
}
