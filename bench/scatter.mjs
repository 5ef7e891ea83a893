import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { ROOT } from '../scripts/build.mjs'
import { serve } from '../scripts/serve.mjs'
import { TRACE_CATEGORIES } from './mainThread.mjs'
import { spreadOf } from './statistics.mjs'

/** Flags by which Chromium draws WebGL on the processor where there is no graphics card; with one they do nothing. */
export const SCATTER_FLAGS = ['--enable-unsafe-swiftshader']

const SIZES = [
  { count: 100_000, goal: 4 },
  { count: 1_000_000, goal: undefined },
]

const TASK = 'ThreadControllerImpl::RunTask'

/** Opens the scatterplot alone on a page, built as for production. */
async function openScatterPage() {
  const folder = await mkdtemp(join(tmpdir(), 'ripplescope-scatter-'))
  await build({
    root: ROOT,
    configFile: false,
    base: './',
    publicDir: false,
    logLevel: 'error',
    plugins: [react()],
    build: {
      target: 'es2022',
      outDir: folder,
      emptyOutDir: true,
      rolldownOptions: {
        input: join(ROOT, 'bench/probe/scatterProbe.tsx'),
        output: { entryFileNames: 'probe.js', assetFileNames: 'probe[extname]' },
      },
    },
  })
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="probe.css"><div id="root"></div><script type="module" src="probe.js"></script>',
  )
  const { url, close } = await serve({ root: folder })
  return {
    url,
    close: async () => {
      await close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Returns the main thread's work between one frame's mark and the next.
 *
 * @param {readonly import('./mainThread.mjs').TraceEvent[]} events
 * @returns {{ time: number, processor: number }[]} ms: as time passed, and as time of a processor, which other programs
 *   do not stretch
 */
export function workByFrame(events) {
  const marks = events.filter(({ name }) => name === 'bench-frame').sort((a, b) => a.ts - b.ts)
  const [first] = marks
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => name === TASK && ph === 'X' && pid === first?.pid && tid === first.tid,
  )
  return marks.slice(1).map(({ ts }, i) => {
    const within = tasks.filter((task) => task.ts > marks[i].ts && task.ts <= ts)
    const sum = (/** @type {'dur' | 'tdur'} */ key) =>
      within.reduce((total, task) => total + (task[key] ?? 0), 0) / 1000
    return { time: sum('dur'), processor: sum('tdur') }
  })
}

/**
 * Measures what panning a scatterplot costs the main thread in each frame: React, axes and labels, the calls to the
 * graphics card, layout and paint. The picture itself is drawn elsewhere; without a graphics card the main thread waits
 * for it, because it is read back for every frame.
 *
 * @param {object} options
 * @param {import('@playwright/test').Browser} options.browser
 * @param {number} options.frames
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function measureScatter({ browser, frames }) {
  const site = await openScatterPage()
  /** @type {import('./report.mjs').Row[]} */
  const rows = []
  try {
    for (const { count, goal } of SIZES) {
      const page = await browser.newPage({ viewport: { width: 1000, height: 800 } })
      await page.goto(site.url)
      await page.waitForFunction(() => 'scatterProbe' in window)
      const first = await page.evaluate((count) => window.scatterProbe.show(count), count)
      const added = await page.evaluate((count) => window.scatterProbe.append(count), count / 100)
      // Warms up.
      await page.evaluate(() => window.scatterProbe.pan(10))
      await browser.startTracing(page, { categories: TRACE_CATEGORIES })
      await page.evaluate((frames) => window.scatterProbe.pan(frames), frames)
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString())
      const work = workByFrame(traceEvents)
      const renderer = await page.evaluate(() => window.scatterProbe.renderer())
      await page.close()
      const waited = spreadOf(work.map(({ time }) => time)).median
      rows.push({
        id: `scatter-${count}`,
        name: `main thread a frame while panning ${count.toLocaleString('en')} points`,
        unit: 'ms',
        goal,
        value: spreadOf(work.map(({ processor }) => processor)),
        note:
          `time of the processor; with what it waited ${waited.toFixed(1)} ms (${renderer}); ` +
          `first picture ${first.toFixed(0)} ms, 1 % more points ${added.toFixed(0)} ms`,
      })
    }
  } finally {
    await site.close()
  }
  return rows
}
