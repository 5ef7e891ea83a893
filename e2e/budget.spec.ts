import type { CDPSession, Page } from '@playwright/test'
import { CORPUS_NOISE } from './support/corpus'
import { chooseToken, expectMeasured, modelLine, substituteRows } from './support/explore'
import { openGate } from './support/gate'
import { linkOf } from './support/link'
import { expect, openApp, test } from './support/page'

test.use({ allowedProblems: CORPUS_NOISE })

/** Largest shift of the layout by itself: 0 but for the last pixel, by which two faces of the same letters differ. */
const LAYOUT_SHIFT = 0.002

/** Files that the first paint waits for, as the test's server sends them: text, styles and the page's own script. */
const BYTES_BEFORE_FIRST_PAINT = 500_000

/** CPU time of the page's own thread, in turns of a loop that takes about a millisecond on the machine it runs on. */
const WORK = { opening: 800, click: 500, view: 600 }

interface Shifted {
  readonly value: number
  /** The furthest that anything moved up or down, px. */
  readonly vertical: number
  readonly what: string
}

/**
 * Runs in the page before its own scripts: records every shift of the layout that follows no input, and those of the
 * answer even where they follow one: on a slow machine it arrives long after the click.
 */
function watchLayout(): void {
  const shifts: Shifted[] = []
  Object.assign(window, { layoutShifts: shifts })
  interface Shift extends PerformanceEntry {
    readonly value: number
    readonly hadRecentInput: boolean
    readonly sources: readonly {
      readonly node: Node | null
      readonly previousRect: DOMRect
      readonly currentRect: DOMRect
    }[]
  }
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[]) {
      const elements = sources.map(({ node }) => (node instanceof Element ? node : node?.parentElement))
      const answers = elements.length > 0 && elements.every((element) => element?.closest('.prediction'))
      if (hadRecentInput && !answers) continue
      const nodes = sources.map(({ node }) => (node instanceof Element ? node.outerHTML : node?.textContent))
      shifts.push({
        value,
        vertical: Math.max(
          ...sources.map(({ previousRect, currentRect }) => Math.abs(currentRect.top - previousRect.top)),
        ),
        what: nodes.map((node) => node?.slice(0, 120)).join(' | '),
      })
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

const layoutShifts = (page: Page) =>
  page.evaluate(() => (window as unknown as { layoutShifts: readonly Shifted[] }).layoutShifts)

async function expectStill(page: Page): Promise<void> {
  const shifts = await layoutShifts(page)
  const sum = shifts.reduce((total, { value }) => total + value, 0)
  expect(sum, JSON.stringify(shifts)).toBeLessThan(LAYOUT_SHIFT)
}

/** Returns the seconds of CPU that the page's main thread has taken so far, whatever else the machine does. */
async function threadSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value
  if (seconds === undefined) throw new Error('the browser does not count the time of its tasks')
  return seconds
}

/**
 * Returns the seconds for a turn of the loop, from the same clock: the fastest of several, each long enough to be
 * counted.
 */
async function turnSeconds(page: Page, session: CDPSession): Promise<number> {
  const turns = 50
  const rounds: number[] = []
  for (let round = 0; round < 5; round++) {
    const before = await threadSeconds(session)
    await page.evaluate((count) => {
      let hash = 0
      for (let step = 0; step < count * 200_000; step++) hash = (Math.imul(hash, 31) + step) | 0
      return hash
    }, turns)
    rounds.push((await threadSeconds(session)) - before)
  }
  return Math.min(...rounds) / turns
}

test('little is fetched before the first paint, nothing shifts, and the main thread stays free', async ({
  page,
  context,
  site,
  origins,
}) => {
  const gate = await openGate(site, /\.safetensors$/)
  origins.add(gate.origin)
  await page.addInitScript(watchLayout)
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto('about:blank')
  const turn = await turnSeconds(page, session)
  const spent: Record<string, number> = {}
  const counted = async (name: keyof typeof WORK, work: () => Promise<void>) => {
    const before = await threadSeconds(session)
    await work()
    spent[name] = Math.round(((await threadSeconds(session)) - before) / turn)
  }

  await test.step('opening, and going live', async () => {
    await counted('opening', async () => {
      await openApp(page, '', gate.url)
      await expectMeasured(page, 'seven → 7')
      gate.open()
      await expect(modelLine(page)).toContainText('WASM')
      await expect(substituteRows(page).first()).not.toContainText('·')
    })
    const { bytes, files } = await page.evaluate(() => {
      const paint = performance.getEntriesByName('first-contentful-paint')[0]
      const entries = [
        ...performance.getEntriesByType('navigation'),
        ...performance.getEntriesByType('resource'),
      ] as PerformanceResourceTiming[]
      const before = entries.filter(({ responseEnd }) => responseEnd > 0 && responseEnd <= paint.startTime)
      return {
        bytes: before.reduce((sum, { transferSize }) => sum + transferSize, 0),
        files: before.map(({ name, transferSize }) => `${name.replace(/.*\//, '')} ${transferSize}`),
      }
    })
    expect(bytes, 'the page itself is counted').toBeGreaterThan(10_000)
    expect(bytes, files.join(', ')).toBeLessThan(BYTES_BEFORE_FIRST_PAINT)
    await expectStill(page)
  })

  await test.step('a click', async () => {
    await counted('click', async () => {
      await chooseToken(page, 15)
      await expectMeasured(page, 'tavern → restaurant')
      await expect(substituteRows(page).first()).toContainText('restaurant')
    })
    await expectStill(page)
  })

  await test.step('another view and back', async () => {
    await counted('view', async () => {
      for (const view of ['Models', 'Explore']) {
        await page.getByRole('button', { name: view, exact: true }).click()
        await expect(page.locator('main:not([hidden])').getByRole('heading').first()).toBeVisible()
      }
    })
    await expectStill(page)
  })

  await test.step('opening Corpus by its address, on which no key or click has a hand', async () => {
    await page.evaluate(
      (fragment) => {
        location.hash = fragment
      },
      linkOf([[''], '', '', null, null, 1, [], [], 0, 1]),
    )
    const corpus = page.locator('main#corpus')
    await expect(corpus.locator('.finding').first()).toBeVisible()
    await expect(corpus.locator('canvas').first()).toBeVisible()
    await expectStill(page)
  })

  test.info().annotations.push({ type: 'turns of CPU', description: JSON.stringify(spent) })
  for (const [name, limit] of Object.entries(WORK)) expect(spent[name], name).toBeLessThan(limit)
  await gate.close()
})

test('the arrival of the page’s own fonts moves nothing', { tag: '@own-fonts' }, async ({
  page,
  site,
  origins,
}) => {
  const gate = await openGate(site, /\.woff2$/)
  origins.add(gate.origin)
  await page.addInitScript(watchLayout)
  // The page has loaded only once its fonts have.
  await page.goto(gate.url, { waitUntil: 'commit' })
  await expectMeasured(page, 'seven → 7')
  await expect(modelLine(page)).toContainText('WASM')
  await expect(substituteRows(page).first()).not.toContainText('·')
  const loaded = () =>
    page.evaluate(() =>
      [...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family),
    )
  expect(await loaded()).toEqual(expect.not.arrayContaining([expect.stringMatching(/Variable/)]))
  await expectStill(page)
  gate.open()
  await expect
    .poll(loaded)
    .toEqual(
      expect.arrayContaining([
        expect.stringMatching(/Sans 3 Variable/),
        expect.stringMatching(/Serif 4 Variable/),
      ]),
    )
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  // Within a line words are a little wider or narrower in another face; no line moves.
  const shifts = await layoutShifts(page)
  expect(Math.max(0, ...shifts.map(({ vertical }) => vertical)), JSON.stringify(shifts)).toBeLessThan(2)
  expect(
    shifts.reduce((sum, { value }) => sum + value, 0),
    JSON.stringify(shifts),
  ).toBeLessThan(2 * LAYOUT_SHIFT)
  await gate.close()
})
