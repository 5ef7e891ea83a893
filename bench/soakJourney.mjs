/** @typedef {import('@playwright/test').Page} Page */

const NOUNS = ['film', 'movie', 'story', 'plot', 'script', 'ending', 'music', 'cast', 'score', 'director']
const VERDICTS = ['good', 'great', 'fine', 'funny', 'dull', 'slow', 'awful', 'charming', 'boring', 'sad']
const CLICKS_A_TEXT = 10
/** Clicks on tokens in each text; the others are on what is around them. */
const TOKEN_CLICKS = 6

/** Returns a short review, no two of a hundred alike. @param {number} index */
function reviewOf(index) {
  const noun = NOUNS[index % 10]
  const other = NOUNS[(index + 3) % 10]
  const verdict = VERDICTS[Math.floor(index / 10) % 10]
  const second = VERDICTS[(index + 7) % 10]
  return `the ${noun} is ${verdict} and the ${other} was never ${second} , but i would watch it again .`
}

/** @param {Page} page */
const tokens = (page) => page.getByRole('group', { name: /^Tokens of the review/ })

/** Waits until nothing that is shown waits for an answer. @param {Page} page */
async function settled(page) {
  await page.waitForFunction(
    () =>
      document.querySelector('.skeleton') === null &&
      (document.querySelector('main > p[aria-live]')?.textContent ?? '').includes('distance'),
    undefined,
    { polling: 50 },
  )
}

/** @param {Page} page @param {string} text */
async function paste(page, text) {
  await page.evaluate((content) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', content)
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
  }, text)
  await page.waitForFunction(
    (content) => document.querySelector('.review-text')?.textContent?.trim() === content,
    text,
    { polling: 50 },
  )
}

/**
 * Clicks as a reader does, over a new text each ten clicks: tokens, a substitute, a norm, a pin and its end, undo.
 *
 * @param {Page} page Explore, with its model open
 * @param {number} from
 * @param {number} to the first click not made
 */
export async function clickThrough(page, from, to) {
  for (let click = from; click < to; click++) {
    const text = Math.floor(click / CLICKS_A_TEXT)
    const turn = click % CLICKS_A_TEXT
    if (turn === 0 || click === from) await paste(page, reviewOf(text))
    if (turn < TOKEN_CLICKS || click === from) {
      const token = tokens(page).locator(`[data-roving="${2 + ((2 * turn + text) % 12)}"]`)
      await token.click()
      await settled(page)
    } else if (turn === 6) {
      await page
        .getByRole('table', { name: 'Substitutes, nearest first' })
        .locator('tbody input')
        .nth(3)
        .click()
      await settled(page)
    } else if (turn === 7) {
      await page.getByRole('button', { name: 'Pin', exact: true }).click()
      await page.getByRole('button', { name: /^Remove the pin/ }).waitFor()
    } else if (turn === 8) {
      await page.getByRole('button', { name: /^Remove the pin/ }).click()
      await page.getByRole('button', { name: /^Remove the pin/ }).waitFor({ state: 'detached' })
    } else {
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByRole('button', { name: 'Undo' }).click()
      await settled(page)
    }
  }
}

/**
 * Opens a model in the place of the present one.
 *
 * @param {Page} page
 * @param {string | null} folder null: the page's own
 */
export async function switchModel(page, folder) {
  await page.getByRole('button', { name: 'Models', exact: true }).click()
  if (folder === null) await page.getByRole('button', { name: 'Open the built-in model' }).click()
  else await page.getByLabel('Model folder').setInputFiles(folder)
  const name = folder === null ? /^[^./]/ : new RegExp(`^\\./${folder.split('/').at(-1)}$`)
  await page.locator('main#models .model-name').filter({ hasText: name }).waitFor()
  await page.getByRole('button', { name: 'Explore', exact: true }).click()
}

/**
 * Shows the Models view before anything is compared, since views stay in the page once they were shown.
 * @param {Page} page
 */
export async function visitModels(page) {
  await page.getByRole('button', { name: 'Models', exact: true }).click()
  await page.locator('main#models .model-name').waitFor()
  await page.getByRole('button', { name: 'Explore', exact: true }).click()
}

/**
 * Holds what the page has in memory besides its heap (bench/heap.mjs), after a garbage collection.
 *
 * @typedef {object} Held
 * @property {number} listeners
 * @property {number} nodes of documents, and of what is no longer in one
 * @property {string[]} workers that run: their files, sorted
 * @property {number} workerObjects those that were ended too, where something still holds them
 */

/**
 * @param {Page} page
 * @returns {Promise<Held>}
 */
export async function heldBy(page) {
  const client = await page.context().newCDPSession(page)
  await client.send('Performance.enable')
  await client.send('HeapProfiler.enable')
  for (let round = 0; round < 3; round++) await client.send('HeapProfiler.collectGarbage')
  const { metrics } = await client.send('Performance.getMetrics')
  const workerObjects = await countOf(client, 'Worker')
  await client.detach()
  const metric = (/** @type {string} */ wanted) =>
    metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
  const files = page.workers().map((worker) => worker.url().split('/').at(-1) ?? '')
  return {
    listeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
    workers: files.map((file) => file.replace(/-[^-]*\.js$/, '')).sort(),
    workerObjects,
  }
}

/**
 * Counts the objects of a class that the page's heap holds.
 *
 * @param {import('@playwright/test').CDPSession} client
 * @param {string} className
 */
async function countOf(client, className) {
  const { result } = await client.send('Runtime.evaluate', { expression: `${className}.prototype` })
  const { objects } = await client.send('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '' })
  const { result: count } = await client.send('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration: 'function () { return this.length }',
    returnByValue: true,
  })
  return Number(count.value)
}
