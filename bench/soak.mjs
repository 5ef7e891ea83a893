/**
 * node bench/soak.mjs [--clicks 500]
 *
 * Clicks through fifty texts with three changes of model, and reports what the page holds after the first fifty and at
 * the end: docs/performance-notes.md says what each line means. A short version of it is a test (e2e/soak.spec.ts).
 */

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { sum } from 'd3-array'
import { CHROMIUM_FLAGS, findBrowser } from '../scripts/browser.mjs'
import { buildIfStale, DIST, ROOT } from '../scripts/build.mjs'
import { serve } from '../scripts/serve.mjs'
import { heapOf } from './heap.mjs'
import { tasksOf } from './mainThread.mjs'
import { MEMORY_FLAGS, memoryOf } from './memory.mjs'
import { PATIENCE } from './page.mjs'
import { clickThrough, heldBy, switchModel, visitModels } from './soakJourney.mjs'

const WARM_UP = 50
const LONG_TASK = 50
const MB = 1e6
const TRACE_CATEGORIES = ['-*', 'blink.user_timing', 'toplevel']

/** Models, the page's own first and last, so that what is held at both ends compares. */
const MODELS = [join(ROOT, 'fixtures/tiny-bert'), join(ROOT, 'fixtures/tiny-distilbert'), null]

const { values } = parseArgs({ options: { clicks: { type: 'string', default: '500' } } })
const clicks = Number(values.clicks)
const part = Math.round(clicks / (MODELS.length + 1))

/** @typedef {ReturnType<typeof tasksOf>} Tasks */

/** Runs in the page: marks the first visit's tour as left, so that it is not in the way. */
function leaveTour() {
  try {
    localStorage.setItem('ripplescope-tour', 'left')
  } catch {
    // A frame without storage.
  }
}

/**
 * Counts how often a thread without any long task is held up for as long as one: a host stops its virtual machines, and
 * these count the time as the thread's own.
 *
 * @param {number} ms of processor time
 */
function timesHeldUp(ms) {
  const spent = () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
  const end = spent() + ms
  let times = 0
  for (let now = spent(), former = now; now < end; former = now) {
    now = spent()
    if (now - former > LONG_TASK) times++
  }
  return times
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
  await context.addInitScript(leaveTour)
  const page = await context.newPage()

  /** @param {() => Promise<void>} work @returns {Promise<Tasks>} the main thread's tasks meanwhile */
  const traced = async (work) => {
    await browser.startTracing(page, { categories: TRACE_CATEGORIES })
    await work()
    await page.evaluate(() => performance.mark('thread'))
    const { traceEvents } = JSON.parse(String(await browser.stopTracing()))
    return tasksOf(traceEvents)
  }
  const look = async () => {
    const tab = (await memoryOf(browser, page)).total
    return { ...(await heapOf(page)), ...(await heldBy(page)), tab }
  }

  const opening = await traced(async () => {
    await page.goto(server.url)
    await page.getByRole('button', { name: /^Model: .*(WASM|WebGPU)/ }).waitFor()
    await visitModels(page)
  })
  const ofClicks = await traced(() => clickThrough(page, 0, WARM_UP))
  const before = await look()
  /** @type {Tasks} */
  const ofSwitches = []
  let done = WARM_UP
  for (const [index, model] of [...MODELS, undefined].entries()) {
    const end = model === undefined ? clicks : (index + 1) * part
    ofClicks.push(...(await traced(() => clickThrough(page, done, end))))
    done = end
    if (model === undefined) break
    ofSwitches.push(...(await traced(() => switchModel(page, model))))
    console.error(`${done} clicks, then ${model === null ? 'the built-in model' : model.split('/').at(-1)}`)
  }
  const after = await look()

  const ratio = (/** @type {'held' | 'compiled' | 'tab' | 'listeners' | 'nodes'} */ name) =>
    (after[name] / before[name]).toFixed(3)
  const megabytes = (/** @type {'held' | 'compiled' | 'tab'} */ name) =>
    `× ${ratio(name)} (${(before[name] / MB).toFixed(2)} MB, then ${(after[name] / MB).toFixed(2)} MB)`
  const longOnes = (/** @type {Tasks} */ tasks) => {
    const processor = tasks.map((task) => task.processor).sort((a, b) => b - a)
    const long = processor.filter((ms) => ms > LONG_TASK)
    const [rest = 0] = processor.slice(long.length)
    const listed = long.length > 0 ? ` (${long.map((ms) => ms.toFixed(0)).join(', ')} ms)` : ''
    const passed = tasks.filter((task) => task.passed > LONG_TASK).length
    return `${long.length} of ${tasks.length} as processor time${listed}, all others up to ${rest.toFixed(0)} ms; ${passed} as time passed`
  }
  const busy = sum([...opening, ...ofSwitches, ...ofClicks], ({ processor }) => processor)
  console.log(
    [
      `clicks ${clicks}, texts ${Math.ceil(clicks / 10)}, changes of model ${MODELS.length}; compared: after ${WARM_UP} clicks and at the end`,
      `main thread's heap, held: ${megabytes('held')}`,
      `main thread's heap, compiled code: ${megabytes('compiled')}`,
      `both: × ${((after.held + after.compiled) / (before.held + before.compiled)).toFixed(3)}`,
      `tab with its workers: ${megabytes('tab')}`,
      `event listeners: × ${ratio('listeners')} (${before.listeners}, then ${after.listeners})`,
      `nodes: × ${ratio('nodes')} (${before.nodes}, then ${after.nodes})`,
      `workers: ${before.workers.join(', ')}; then ${after.workers.join(', ')}`,
      `worker objects: ${before.workerObjects}, then ${after.workerObjects}`,
      `tasks over ${LONG_TASK} ms while the page opens: ${longOnes(opening)}`,
      `during changes of model: ${longOnes(ofSwitches)}`,
      `during all clicks: ${longOnes(ofClicks)}`,
      `a bare loop of as much processor time, ${(busy / 1000).toFixed(0)} s, was held up so long ${timesHeldUp(busy)} times`,
    ].join('\n'),
  )
} finally {
  await browser.close()
  await server.close()
}
