import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../scripts/build.mjs'
import { openRunLink, startRun } from './corpus.mjs'
import { largestRenderer, MEMORY_FLAGS, memoryOf } from './memory.mjs'
import { load } from './site.mjs'
import { spreadOf } from './statistics.mjs'
import { shortReviews } from './texts.mjs'

const FEW = 500
const MANY = 5000
/** Time between two looks at the renderer's memory during the run, ms. */
const INTERVAL = 1000
/**
 * Flags that let each look collect garbage first: else the peak tells how long V8 left it, which grows with time alone.
 */
export const CORPUS_MEMORY_FLAGS = [...MEMORY_FLAGS, '--js-flags=--expose-gc']
const MB = 1e6
const TINY = join(ROOT, 'fixtures/tiny-bert')

/**
 * Measures the memory of the tab while it runs over few and over ten times as many short reviews, without what the
 * records take themselves. The model is the tiny one of the fixtures, so that no weights hide what grows.
 *
 * @param {object} options
 * @param {import('@playwright/test').Browser} options.browser started with `CORPUS_MEMORY_FLAGS`, no page open
 * @param {import('./site.mjs').Site} options.site
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function measureCorpusMemory({ browser, site }) {
  await memoryOfRun(browser, site, 50)
  const few = await memoryOfRun(browser, site, FEW)
  const many = await memoryOfRun(browser, site, MANY)
  const mb = (/** @type {number} */ bytes) => (bytes / MB).toFixed(1)
  const noteOf = (/** @type {number} */ small, /** @type {number} */ large) =>
    `${mb(small)} and ${mb(large)} MB besides ${mb(few.records)} and ${mb(many.records)} MB of records; tiny model`
  return [
    {
      id: 'corpus-memory',
      name: `tab memory after a run, records apart: ${MANY} reviews / ${FEW}`,
      unit: '×',
      goal: 1.1,
      value: spreadOf([(many.total - many.records) / (few.total - few.records)]),
      note: `${noteOf(few.total - few.records, many.total - many.records)}; ${few.parts} and ${many.parts}`,
    },
    {
      id: 'corpus-memory-peak',
      name: 'renderer process at its peak during the run, garbage collected, records apart',
      unit: '×',
      goal: 1.1,
      value:
        few.peak === null || many.peak === null
          ? null
          : spreadOf([(many.peak - many.records) / (few.peak - few.records)]),
      note:
        few.peak === null || many.peak === null
          ? 'only Linux tells'
          : `PSS; ${noteOf(few.peak - few.records, many.peak - many.records)}`,
    },
  ]
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {import('./site.mjs').Site} site
 * @param {number} reviews
 */
async function memoryOfRun(browser, site, reviews) {
  const { DEFAULT_SETTINGS } = await load('src/core/corpus/runLink.ts')
  const settings = { ...DEFAULT_SETTINGS, sampleSize: reviews }
  const page = await openRunLink(browser, site, settings, {
    prepare: (page) => standIn(page, shortReviews(reviews)),
  })
  let running = true
  /** @type {number | null} */
  let peak = null
  const watch = async () => {
    while (running) {
      await collectGarbage(page)
      const { pss } = await largestRenderer(browser)
      if (pss !== null) peak = Math.max(peak ?? 0, pss)
      await new Promise((resolve) => setTimeout(resolve, INTERVAL))
    }
  }
  const [{ text }] = await Promise.all([
    startRun(page).finally(() => {
      running = false
    }),
    watch(),
  ])
  const { total, breakdown } = await memoryOf(browser, page)
  const records = await recordBytes(page)
  await page.context().close()
  const parts = breakdown.map(({ bytes, what }) => `${what} ${(bytes / MB).toFixed(0)}`).join(', ')
  return { total, peak, records, parts, text }
}

/** Says whether a worker is a thread of the runtime, which waits for work and never reads a message. */
const isRuntimeThread = (/** @type {import('@playwright/test').Worker} */ worker) =>
  worker.url().includes('/runtime/')

/**
 * Collects garbage in the page and its own workers, between two tasks of each.
 *
 * @param {import('@playwright/test').Page} page
 */
async function collectGarbage(page) {
  const collect = () => {
    const { gc } = /** @type {{ gc?: () => void }} */ (globalThis)
    gc?.()
  }
  const workers = page.workers().filter((worker) => !isRuntimeThread(worker))
  await Promise.all([page.evaluate(collect), ...workers.map((worker) => worker.evaluate(collect))])
}

/**
 * Serves the tiny model instead of the built-in one, and texts instead of the bundled ones.
 *
 * @param {import('@playwright/test').Page} page
 * @param {string} texts
 */
async function standIn(page, texts) {
  const weights = await readFile(join(TINY, 'model.safetensors'))
  const manifest = {
    id: 'tiny-bert',
    weights: 'model.safetensors',
    bytes: weights.length,
    sha256: createHash('sha256').update(weights).digest('hex'),
  }
  await page.route('**/models/built-in.json', (route) => route.fulfill({ json: manifest }))
  await page.route('**/models/tiny-bert/*', async (route) =>
    route.fulfill({
      body: await readFile(join(TINY, new URL(route.request().url()).pathname.split('/').at(-1) ?? '')),
    }),
  )
  await page.route('**/corpora/short-reviews.jsonl', (route) => route.fulfill({ body: texts }))
  await page.route('**/corpora/*.zip', (route) => route.fulfill({ status: 404 }))
}

/**
 * Returns the bytes of all columns of the open run, as its JSON file names them.
 *
 * @param {import('@playwright/test').Page} page
 */
async function recordBytes(page) {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Records as JSON' }).click(),
  ])
  /** @type {{ tables: Record<string, { rows: number, columns: { type: string }[] }> }} */
  const { tables } = JSON.parse(await readFile(await file.path(), 'utf8'))
  const widthOf = (/** @type {string} */ type) => Number(/\d+$/.exec(type)?.[0]) / 8
  return Object.values(tables).reduce(
    (sum, { rows, columns }) => sum + rows * columns.reduce((width, { type }) => width + widthOf(type), 0),
    0,
  )
}
