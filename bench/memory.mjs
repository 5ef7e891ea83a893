import { readFile } from 'node:fs/promises'
import { clickToCurve, freshPage, PATIENCE, tokenAt, whenDrawn, whenQuiet } from './page.mjs'
import { spreadOf } from './statistics.mjs'

const CLICKS = 20
const MB = 1e6

/** Flags without which the browser answers only when it next collects garbage of its own accord. */
export const MEMORY_FLAGS = ['--enable-blink-features=ForceEagerMeasureMemory']

/**
 * Measures the memory of the tab against the model's weights in fp32.
 *
 * @param {object} options
 * @param {import('@playwright/test').Browser} options.browser started with `MEMORY_FLAGS`, no page open
 * @param {import('./site.mjs').Site} options.site
 * @param {string} options.fragment
 * @param {number} options.tokens
 * @param {number} options.parameters
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function measureMemory({ browser, site, fragment, tokens, parameters }) {
  const page = await freshPage(browser)
  await page.goto(`${site.url}${fragment}`)
  await whenDrawn(page)
  await whenQuiet(page)
  const weights = 4 * parameters
  const loaded = await memoryOf(browser, page)
  for (let click = 0; click < CLICKS; click++) {
    await clickToCurve(page, tokenAt(page, tokens - 2 - 2 * click))
    await whenQuiet(page)
  }
  const used = await memoryOf(browser, page)
  await page.context().close()

  /** @param {number} bytes */
  const ratio = (bytes) => spreadOf([bytes / weights])
  /** @param {Awaited<ReturnType<typeof memoryOf>>} memory */
  const noteOf = ({ total, breakdown }) =>
    `${(total / MB).toFixed(0)} MB against ${(weights / MB).toFixed(0)} MB; ` +
    breakdown.map(({ bytes, what }) => `${what} ${(bytes / MB).toFixed(0)}`).join(', ')
  return [
    {
      id: 'memory-loaded',
      name: `tab memory / fp32 weights, a ${tokens}-token text shown and measured ahead`,
      unit: '×',
      goal: 2,
      value: ratio(loaded.total),
      note: noteOf(loaded),
    },
    {
      id: 'memory-used',
      name: `the same after ${CLICKS} clicks`,
      unit: '×',
      goal: 2,
      value: ratio(used.total),
      note: noteOf(used),
    },
    {
      id: 'memory-process',
      name: 'renderer process / fp32 weights, then',
      unit: '×',
      value: used.pss === null ? null : ratio(used.pss),
      note:
        used.pss === null
          ? 'only Linux tells'
          : `${(used.pss / MB).toFixed(0)} MB (PSS), at most ${((used.peak ?? 0) / MB).toFixed(0)} MB since its start (RSS)`,
    },
  ]
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {import('@playwright/test').Page} page
 */
export async function memoryOf(browser, page) {
  const measured = page.evaluate(() =>
    // Cross-origin isolated pages have it; TypeScript's library does not know it yet.
    /** @type {{ measureUserAgentSpecificMemory(): Promise<{ bytes: number, breakdown: { bytes: number, types: string[],
     * attribution: { scope: string }[] }[] }> }} */ (
      /** @type {unknown} */ (performance)
    ).measureUserAgentSpecificMemory(),
  )
  const { bytes, breakdown } = await Promise.race([measured, tooLong()])
  const parts = breakdown
    .filter(({ bytes }) => bytes > 0.5e6)
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ bytes, types, attribution }) => ({
      bytes,
      what: [attribution[0]?.scope.replace('GlobalScope', ''), ...types].filter(Boolean).join(' '),
    }))
  return { total: bytes, breakdown: parts, ...(await largestRenderer(browser)) }
}

/** Rejects after a while: Chromium waits for a garbage collection, now and then for ever. @returns {Promise<never>} */
function tooLong() {
  return new Promise((_, reject) => {
    const message = 'the browser did not answer how much memory the page takes: run this part again'
    setTimeout(() => reject(new Error(message)), PATIENCE).unref()
  })
}

/**
 * Returns the memory of the renderer that holds the page, in bytes.
 *
 * @param {import('@playwright/test').Browser} browser
 */
export async function largestRenderer(browser) {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const renderers = await Promise.all(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => memoryOfProcess(id)),
  )
  return renderers.reduce(
    (largest, renderer) => ((renderer.pss ?? 0) > (largest.pss ?? 0) ? renderer : largest),
    {
      pss: null,
      peak: null,
    },
  )
}

/**
 * @param {number} pid
 * @returns {Promise<{ pss: number | null, peak: number | null }>}
 */
async function memoryOfProcess(pid) {
  try {
    const [rollup, status] = await Promise.all(
      ['smaps_rollup', 'status'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8')),
    )
    const kilobytes = (/** @type {string} */ text, /** @type {string} */ name) =>
      1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1])
    return { pss: kilobytes(rollup, 'Pss'), peak: kilobytes(status, 'VmHWM') }
  } catch {
    return { pss: null, peak: null }
  }
}
