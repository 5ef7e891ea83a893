/**
 * node bench/soak.mjs [--clicks 500]
 *
 * Clicks over fifty texts with three changes of model, and what the page holds after the first fifty and at the end:
 * docs/performance.md says what each line means. A short version of it is a test (e2e/soak.spec.ts).
 */

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { CHROMIUM_FLAGS, findBrowser } from '../scripts/browser.mjs'
import { buildIfStale, DIST, ROOT } from '../scripts/build.mjs'
import { serve } from '../scripts/serve.mjs'
import { TRACE_CATEGORIES } from './mainThread.mjs'
import { MEMORY_FLAGS, memoryOf } from './memory.mjs'
import { PATIENCE } from './page.mjs'
import { clickThrough, heldBy, switchModel, visitModels } from './soakJourney.mjs'

const WARM_UP = 50
const TRACED = 50
const LONG_TASK = 50
const MB = 1e6

/** The page's own model first and last, so that what is held at both ends compares. */
const MODELS = [join(ROOT, 'fixtures/tiny-bert'), join(ROOT, 'fixtures/tiny-distilbert'), null]

const { values } = parseArgs({ options: { clicks: { type: 'string', default: '500' } } })
const clicks = Number(values.clicks)
const part = Math.round(clicks / (MODELS.length + 1))

/** Runs in the page: tasks of more than 50 ms, from its beginning on. */
function noteLongTasks() {
  /** @type {number[]} */
  const longTasks = []
  Object.assign(window, { longTasks })
  new PerformanceObserver((list) => {
    longTasks.push(...list.getEntries().map(({ duration }) => duration))
  }).observe({ type: 'longtask', buffered: true })
  try {
    localStorage.setItem('ripplescope-tour', 'left')
  } catch {
    // A frame without storage.
  }
}

/**
 * Long tasks of the page's main thread in a trace: as time passed, and as time of a processor, which other programs do
 * not stretch.
 *
 * @param {readonly import('./mainThread.mjs').TraceEvent[]} events
 */
function longTasksOf(events) {
  const tasks = events.filter(({ name, ph }) => name === 'ThreadControllerImpl::RunTask' && ph === 'X')
  const mark = events.find(({ name }) => name === 'soak')
  const own = tasks.filter(({ pid, tid }) => pid === mark?.pid && tid === mark?.tid)
  const passed = own.map(({ dur = 0 }) => dur / 1000)
  const processor = own.map(({ tdur = 0 }) => tdur / 1000)
  return {
    passed: passed.filter((ms) => ms > LONG_TASK).length,
    processor: processor.filter((ms) => ms > LONG_TASK).length,
    longest: Math.max(0, ...processor),
  }
}

await buildIfStale()
const server = await serve({ root: DIST })
const browser = await chromium.launch({
  executablePath: await findBrowser(),
  args: [...CHROMIUM_FLAGS, ...MEMORY_FLAGS],
})
try {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    serviceWorkers: 'block',
  })
  context.setDefaultTimeout(PATIENCE)
  await context.addInitScript(noteLongTasks)
  const page = await context.newPage()
  await page.goto(server.url)
  await page.getByRole('button', { name: /^Model: .*(WASM|WebGPU)/ }).waitFor()

  const long = () =>
    page.evaluate(() =>
      /** @type {{ longTasks: number[] }} */ (/** @type {unknown} */ (window)).longTasks.splice(0),
    )
  const look = async () => ({ ...(await heldBy(page)), tab: (await memoryOf(browser, page)).total })
  const opening = await long()
  await visitModels(page)
  await clickThrough(page, 0, WARM_UP)
  const before = await look()
  await long()
  let done = WARM_UP
  /** @type {number[]} */
  const ofClicks = []
  /** @type {number[]} */
  const ofSwitches = []
  for (const [index, model] of MODELS.entries()) {
    await clickThrough(page, done, (index + 1) * part)
    done = (index + 1) * part
    ofClicks.push(...(await long()))
    await switchModel(page, model)
    ofSwitches.push(...(await long()))
    console.error(`${done} clicks, then ${model === null ? 'the built-in model' : model.split('/').at(-1)}`)
  }
  await clickThrough(page, done, clicks - TRACED)
  await browser.startTracing(page, { categories: TRACE_CATEGORIES })
  await page.evaluate(() => performance.mark('soak'))
  await clickThrough(page, clicks - TRACED, clicks)
  const { traceEvents } = JSON.parse(String(await browser.stopTracing()))
  ofClicks.push(...(await long()))
  const after = await look()
  const traced = longTasksOf(traceEvents)

  const ratio = (/** @type {'heap' | 'tab' | 'listeners' | 'nodes'} */ name) =>
    (after[name] / before[name]).toFixed(3)
  const megabytes = (/** @type {'heap' | 'tab'} */ name) =>
    `${(before[name] / MB).toFixed(1)} MB, then ${(after[name] / MB).toFixed(1)} MB`
  const worst = (/** @type {number[]} */ tasks) =>
    `${tasks.length}, the longest ${Math.max(0, ...tasks).toFixed(0)} ms`
  console.log(
    [
      `clicks ${clicks}, texts ${Math.ceil(clicks / 10)}, changes of model ${MODELS.length}; compared: after ${WARM_UP} clicks and at the end`,
      `main thread's heap: × ${ratio('heap')} (${megabytes('heap')})`,
      `tab with its workers: × ${ratio('tab')} (${megabytes('tab')})`,
      `event listeners: × ${ratio('listeners')} (${before.listeners}, then ${after.listeners})`,
      `nodes: × ${ratio('nodes')} (${before.nodes}, then ${after.nodes})`,
      `workers: ${before.workers.join(', ')}; then ${after.workers.join(', ')}`,
      `tasks over ${LONG_TASK} ms of clicks, as time passed: ${worst(ofClicks)}; of changes of model: ${worst(ofSwitches)}; of opening: ${worst(opening)}`,
      `of the last ${TRACED} clicks: ${traced.passed} as time passed, ${traced.processor} as processor time, the longest of these ${traced.longest.toFixed(0)} ms`,
    ].join('\n'),
  )
} finally {
  await browser.close()
  await server.close()
}
