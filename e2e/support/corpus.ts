import type { Locator, Page } from '@playwright/test'
import { openLive } from './explore'
import { chooseExport, download, expect } from './page'

/** Address of the finished run that comes with the page; tests that start from nothing remove it. */
const SHIPPED_RUN = '**/corpora/*.zip'

const ABSENT = /^error: Failed to load resource.*404.*corpora\/[^ ]*\.zip/

/** Chromium puts a WebGL canvas together without a GPU. */
const READ_BACK = /^warning: \[\.WebGL-\w+\]GL Driver Message .*GPU stall due to ReadPixels/

/**
 * Messages that the browser itself writes. One expression: Playwright takes a list of two for a fixture with its
 * options.
 */
export const CORPUS_NOISE: readonly RegExp[] = [new RegExp(`${ABSENT.source}|${READ_BACK.source}`)]

/** Opens Corpus with the tiny model ready and no run shown. */
export async function openCorpus(page: Page, url: string, fragment = ''): Promise<void> {
  await page.route(SHIPPED_RUN, (route) => route.fulfill({ status: 404, body: '' }))
  await page.addInitScript(gateCalls)
  await openLive(page, fragment, url)
  await showCorpus(page)
}

export async function showCorpus(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Corpus', exact: true }).click()
  await expect(page.locator('main#corpus')).toBeVisible()
}

export const corpus = (page: Page) => page.locator('main#corpus')

/** Finds the run's status: `partial: 120 of 500 reviews, cancelled`. */
export const runStatus = (page: Page) => page.locator('.run-status')

/** Finds the message of what went wrong with the run, and what to do. */
export const problem = (page: Page) => corpus(page).locator('.corpus-head .run-problem')

export const sourceDialog = (page: Page) => page.getByRole('dialog', { name: 'Choose the texts' })

export const scatter = (page: Page) =>
  page.getByRole('slider', { name: 'Embedding shift against commonness' })

/** Finds `n 1,234`, the number of points that the scatterplot draws; the last ones come after the run has finished. */
export const pointCount = (page: Page) => corpus(page).locator('.corpus-scatter .chart-readout').first()

export const runButton = (page: Page) => sourceDialog(page).getByRole('button', { name: 'Run', exact: true })

/** Finds what Explore announces once a change is measured; Corpus, mounted too, has an announcement of its own. */
export const exploreAnnouncement = (page: Page) => page.locator('main:not(#corpus) > p[aria-live]')

/** Waits until the run is done; its last figures and points come a moment later. */
export async function expectFinished(page: Page, reviews: number): Promise<void> {
  await expect(runStatus(page)).toHaveText(`${reviews} of ${reviews} review${reviews === 1 ? '' : 's'}`)
}

/** Drops a file on the view. */
export async function drop(page: Page, name: string, bytes: Buffer | string): Promise<void> {
  const transfer = await page.evaluateHandle(
    async ([fileName, base64]) => {
      const data = new DataTransfer()
      const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      data.items.add(new File([content], fileName))
      return data
    },
    [name, Buffer.from(bytes).toString('base64')],
  )
  await page.dispatchEvent('main#corpus', 'dragover', { dataTransfer: transfer })
  await page.dispatchEvent('main#corpus', 'drop', { dataTransfer: transfer })
}

/** Drops texts and starts the run over them. */
export async function runOver(page: Page, name: string, bytes: Buffer | string): Promise<void> {
  await drop(page, name, bytes)
  await expect(runButton(page)).toHaveAttribute('aria-disabled', 'false')
  await runButton(page).click()
}

/** Returns the open run's JSON file, without what differs from run to run: its id and its time of start. */
export async function recordsOf(page: Page): Promise<string> {
  const { bytes } = await download(page, () => chooseExport(page, 'Records', 'JSON'))
  return bytes
    .toString('utf8')
    .replace(/"id":"[0-9a-f]{32}"/, '"id":""')
    .replace(/"startedAt":"[^"]*"/, '"startedAt":""')
}

/** Sets how many changed sequences the model may still be asked for; further ones wait in the page. */
export async function allowCalls(page: Page, calls: number): Promise<void> {
  await page.evaluate((allowed) => {
    const { gate } = window as unknown as GatedWindow
    gate.allow(allowed)
  }, calls)
}

/** Waits until the run waits at the gate. */
export async function expectAtGate(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => (window as unknown as GatedWindow).gate.waiting()))
    .toBeGreaterThan(0)
}

interface GatedWindow {
  readonly gate: { allow(calls: number): void; waiting(): number }
}

/**
 * Runs in the page before its own scripts: a gate on what a run asks of the model, so that a test meets it in the middle
 * on machines of any speed. Open until `allow` is called. Self-contained, for Playwright sends its source.
 */
function gateCalls(): void {
  const held: (() => void)[] = []
  let allowed = Number.POSITIVE_INFINITY
  const gate = {
    allow: (calls: number) => {
      allowed = calls
      while (allowed > 0 && held.length > 0) {
        allowed--
        held.shift()?.()
      }
    },
    waiting: () => held.length,
  }
  Object.assign(window, { gate })
  const PageWorker = window.Worker
  window.Worker = class extends PageWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      if (options?.name === 'corpus') Object.assign(window, { corpusWorker: this })
      if (options?.name !== 'explorer') return
      const post = this.postMessage.bind(this)
      // The run's calls (src/core/rpc.ts), by their name.
      Object.assign(this, {
        postMessage: (message: { method?: string }, transfer: Transferable[]) => {
          if (message.method !== 'corpus.measureVariants') post(message, transfer)
          else if (allowed > 0) {
            allowed--
            post(message, transfer)
          } else held.push(() => post(message, transfer))
        },
      })
    }
  }
}

/** Returns sentences in the words of the tiny model, no two alike. */
export function reviewText(index: number): string {
  const pick = <T>(values: readonly T[], step: number) => values[Math.floor(index / step) % values.length]
  const noun = pick(
    ['film', 'movie', 'story', 'plot', 'script', 'ending', 'music', 'cast', 'score', 'director'],
    1,
  )
  const verdict = pick(
    ['good', 'great', 'fine', 'funny', 'dull', 'slow', 'awful', 'charming', 'boring', 'sad'],
    10,
  )
  const again = pick(['never', 'always', 'really', 'only', 'even'], 3)
  const count = pick(['one', 'two', 'three', 'seven', 'ten'], 7)
  return `The ${noun} is ${verdict}, and I would ${again} watch it ${count} times again; number ${index}.`
}

export interface MalformedCsv {
  readonly csv: string
  /** Texts of the good rows, in order. */
  readonly texts: readonly string[]
  /** Lines of the malformed rows. */
  readonly lines: readonly number[]
}

/** Returns a table of so many rows, three of them malformed, quoted line breaks before and between them. */
export function malformedCsv(rows: number): MalformedCsv {
  const places = [0.25, 0.5, 0.75].map((share) => Math.round(rows * share))
  const broken = (index: number) =>
    [`${index},too,many,fields`, `${index},"not "doubled" here"`, `${index},"one",more`][
      places.indexOf(index)
    ]
  const texts: string[] = []
  const lines: number[] = []
  let csv = 'id,review\n'
  for (let index = 0; index < rows; index++) {
    if (places.includes(index)) {
      lines.push(csv.split('\n').length)
      csv += `${broken(index)}\n`
    } else {
      const text =
        index % 20 === 7 ? `${reviewText(index)}\nA second line,\n\nand a "fourth".` : reviewText(index)
      texts.push(text)
      csv += `${index},"${text.replaceAll('"', '""')}"\n`
    }
  }
  return { csv, texts, lines }
}

export const csvOf = (texts: readonly string[]) =>
  `review\n${texts.map((text) => `"${text.replaceAll('"', '""')}"\n`).join('')}`

/** Moves to a point of the scatterplot by keyboard and returns its words and its place, px of the plot. */
export async function walkToPoint(
  page: Page,
  steps: number,
): Promise<{ words: string; x: number; y: number }> {
  await scatter(page).focus()
  await page.keyboard.press('Home')
  for (let step = 0; step < steps; step++) await page.keyboard.press('ArrowRight')
  const cursor = page.locator('.corpus-cursor').first()
  const at = async (name: string) => Number(await cursor.getAttribute(name))
  return {
    words: (await scatter(page).getAttribute('aria-valuetext')) ?? '',
    x: await at('cx'),
    y: await at('cy'),
  }
}

/** Finds a figure with its chart, files and sentence, by its heading. */
export const figure = (page: Page, heading: string): Locator =>
  corpus(page)
    .locator('.figure')
    .filter({ has: page.getByRole('heading', { name: heading }) })
