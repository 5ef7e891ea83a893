import { freshPage, recordOf, whenDrawn } from './page.mjs'
import { openSlowLine } from './slowLine.mjs'
import { spreadOf } from './statistics.mjs'

const MEGABITS = 10

/**
 * Measures what a first visit downloads until an example's results are on screen, over a line so slow that nothing else
 * has arrived by then.
 *
 * @param {object} options
 * @param {import('@playwright/test').Browser} options.browser
 * @param {import('./site.mjs').Site} options.site
 * @param {number} options.rounds
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function measureFirstPaint({ browser, site, rounds }) {
  /** @type {Awaited<ReturnType<typeof visit>>[]} */
  const visits = []
  for (let round = 0; round < rounds; round++) visits.push(await visit(browser, site.url))
  const [{ files }] = visits
  const list = files.map(({ name, bytes }) => `${name} ${(bytes / 1000).toFixed(1)}`).join(', ')
  /** @param {(visit: typeof visits[number]) => number} part */
  const spread = (part) => spreadOf(visits.map(part))
  return [
    {
      id: 'first-paint-bytes',
      name: 'bytes before first paint, with results on screen',
      unit: 'kB',
      goal: 500,
      value: spread(({ files }) => files.reduce((sum, { bytes }) => sum + bytes, 0) / 1000),
      note: `as they travel: ${list}`,
    },
    {
      id: 'first-paint-wire',
      name: 'all that had travelled by then',
      unit: 'kB',
      value: spread(({ carried }) => carried / 1000),
      note: `heads of answers, and what had come of runtime and model, included; line of ${MEGABITS} Mbit/s`,
    },
    {
      id: 'first-paint',
      name: `first paint at ${MEGABITS} Mbit/s`,
      unit: 'ms',
      value: spread(({ painted }) => painted),
    },
    {
      id: 'first-results',
      name: `results on screen at ${MEGABITS} Mbit/s`,
      unit: 'ms',
      value: spread(({ drawn }) => drawn),
    },
  ]
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} url
 */
async function visit(browser, url) {
  const line = await openSlowLine(url, (MEGABITS * 1e6) / 8)
  const page = await freshPage(browser)
  await page.goto(line.url, { waitUntil: 'commit' })
  await whenDrawn(page)
  const { curves } = await recordOf(page)
  const drawn = curves[0].time
  const seen = await page.evaluate((until) => {
    const entries = /** @type {PerformanceResourceTiming[]} */ ([
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ])
    return {
      origin: performance.timeOrigin,
      painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      files: entries
        .filter(({ responseEnd }) => responseEnd > 0 && responseEnd <= until)
        .map(({ name, encodedBodySize }) => ({
          name: new URL(name).pathname.split('/').at(-1) || 'index.html',
          bytes: encodedBodySize,
        })),
    }
  }, drawn)
  await page.context().close()
  const carried = line.carriedUntil(seen.origin + drawn)
  await line.close()
  return { drawn, carried, painted: seen.painted, files: seen.files }
}
