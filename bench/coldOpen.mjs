import { freshPage, recordOf, whenDrawn } from './page.mjs'
import { spreadOf } from './statistics.mjs'

/**
 * Measures the time from an empty profile to the curve of one's own text, over loopback, and its parts. Runtime and
 * weights are loaded at the same time.
 *
 * @param {object} options
 * @param {import('@playwright/test').Browser} options.browser
 * @param {import('./site.mjs').Site} options.site
 * @param {string} options.fragment
 * @param {number} options.rounds
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function measureColdOpen({ browser, site, fragment, rounds }) {
  /** @type {Awaited<ReturnType<typeof visit>>[]} */
  const visits = []
  for (let round = 0; round < rounds; round++) visits.push(await visit(browser, `${site.url}${fragment}`))
  /** @param {string} id @param {string} name @param {(visit: typeof visits[number]) => number} part @param {string} note */
  const row = (id, name, part, note) => ({
    id: `cold-${id}`,
    name,
    unit: /** @type {const} */ ('ms'),
    value: spreadOf(visits.map(part)),
    note,
  })
  return [
    row(
      'open',
      'cold open to the curve of one’s own text',
      ({ drawn }) => drawn,
      'a link to it, empty profile, loopback',
    ),
    row('page', '  page', ({ painted }) => painted, 'navigation to first paint'),
    row(
      'runtime',
      '  runtime',
      ({ started, runtime }) => runtime - started,
      'worker’s start to runtime started',
    ),
    row(
      'weights',
      '  weights',
      ({ asked, files }) => files - asked,
      'asked for, fetched, checked against sha256, kept; beside the runtime',
    ),
    row(
      'session',
      '  session',
      ({ runtime, files, session }) => session - Math.max(runtime, files),
      'graph written, weights unpacked to fp32',
    ),
    row(
      'forward',
      '  forward',
      ({ session, drawn }) => drawn - session,
      'vocabulary, tokens, neighbours of all, two forwards, drawing',
    ),
  ]
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} url
 */
async function visit(browser, url) {
  const page = await freshPage(browser)
  await page.goto(url, { waitUntil: 'commit' })
  await whenDrawn(page)
  const { curves } = await recordOf(page)
  const { origin, painted } = await page.evaluate(() => ({
    origin: performance.timeOrigin,
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  }))
  const worker = page.workers().find((candidate) => candidate.url().includes('explorer.worker'))
  if (!worker) throw new Error('the page has no worker for its model')
  const entries = await worker.evaluate(() => ({
    origin: performance.timeOrigin,
    marks: performance.getEntriesByType('mark').map(({ name, startTime }) => ({ name, startTime })),
    asked: performance.getEntriesByType('resource').find(({ name }) => name.includes('.safetensors'))
      ?.startTime,
  }))
  await page.context().close()
  const started = entries.origin - origin
  /** @param {string} name */
  const mark = (name) => {
    const found = entries.marks.find((entry) => entry.name === name)
    if (!found) throw new Error(`the worker has no mark ${name}`)
    return started + found.startTime
  }
  return {
    painted,
    started,
    asked: started + (entries.asked ?? Number.NaN),
    runtime: mark('runtime'),
    files: mark('files'),
    session: mark('session'),
    drawn: curves[0].time,
  }
}
