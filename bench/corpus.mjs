import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../scripts/build.mjs'
import { freshPage, PATIENCE, rest } from './page.mjs'
import { load, openNativeModel, THREADS } from './site.mjs'
import { ratioSpreadOf, spreadOf } from './statistics.mjs'

const SAMPLE = 8

/**
 * Measures whole runs over the bundled sample, in the page and in Node by turns: the same texts, settings and threads.
 *
 * @param {object} options
 * @param {import('@playwright/test').Browser} options.browser
 * @param {import('./site.mjs').Site} options.site
 * @param {number} options.rounds
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function measureCorpus({ browser, site, rounds }) {
  const { DEFAULT_SETTINGS } = await load('src/core/corpus/runLink.ts')
  const native = await openNative()
  /** @type {number[]} */
  const inPage = []
  /** @type {number[]} */
  const inNode = []
  let tokens = 0
  for (let round = -1; round < rounds; round++) {
    const settings = { ...DEFAULT_SETTINGS, sampleSize: SAMPLE, seed: 100 + round }
    await rest()
    const page = await runInPage(browser, site, settings)
    await rest()
    const node = await native.run(settings)
    if (page.tokens !== node.tokens)
      throw new Error(`${page.tokens} tokens in the page, ${node.tokens} in Node`)
    // The first round warms up.
    if (round < 0) continue
    tokens += page.tokens
    inPage.push(page.ms / page.tokens)
    inNode.push(node.ms / node.tokens)
  }
  await native.release()
  const perSecond = (/** @type {number[]} */ times) => (1000 / spreadOf(times).median).toFixed(1)
  return [
    {
      id: 'corpus-run',
      name: `a run over reviews: page (WASM) / onnxruntime-node, ${THREADS} threads`,
      unit: '×',
      value: ratioSpreadOf(inPage, inNode),
      note:
        `${perSecond(inPage)} tokens of reviews a second against ${perSecond(inNode)}; default settings, ` +
        `${SAMPLE} of the bundled reviews a round, ${tokens} tokens in all`,
    },
  ]
}

async function openNative() {
  const { createCorpusEngine } = await load('src/engine/corpusEngine.ts')
  const { runFile } = await load('bench/runFile.ts')
  const model = await openNativeModel()
  const file = new File(
    [await readFile(join(ROOT, 'public/corpora/short-reviews.jsonl'))],
    'short-reviews.jsonl',
  )
  return {
    release: () => model.release(),
    /** @param {import('../src/core/corpus/runSettings').RunSettings} settings */
    run: async (settings) => {
      const started = performance.now()
      const { tables } = await runFile({
        engine: createCorpusEngine(model),
        file,
        column: 'text',
        settings,
        onProgress: () => undefined,
      })
      const ms = performance.now() - started
      /** @type {Uint16Array} */
      const lengths = tables.sequences.columns.tokens
      return { ms, tokens: lengths.reduce((sum, length) => sum + length, 0) }
    },
  }
}

/**
 * Opens a link to a run over the bundled sample, starts it and waits for its end.
 *
 * @param {import('@playwright/test').Browser} browser
 * @param {import('./site.mjs').Site} site
 * @param {import('../src/core/corpus/runSettings').RunSettings} settings
 */
async function runInPage(browser, site, settings) {
  const page = await openRunLink(browser, site, settings)
  const { ms, text } = await startRun(page)
  await page.context().close()
  return { ms, tokens: Number(/([\d,]+) tokens/.exec(text)?.[1].replaceAll(',', '')) }
}

/**
 * Opens a fresh page on the offer of a run over the bundled sample, its model at rest.
 *
 * @param {import('@playwright/test').Browser} browser
 * @param {import('./site.mjs').Site} site
 * @param {import('../src/core/corpus/runSettings').RunSettings} settings
 * @param {object} [options]
 * @param {(page: import('@playwright/test').Page) => Promise<void>} [options.prepare]
 * @param {string} [options.text] in Explore
 * @param {boolean} [options.records] whether the page records its calls
 */
export async function openRunLink(
  browser,
  site,
  settings,
  { prepare, text = 'A film.', records = false } = {},
) {
  const { encodePermalink } = await load('src/core/session/permalink.ts')
  const { EMPTY_SESSION } = await load('src/core/session/session.ts')
  const run = { settings, source: { kind: 'bundled' } }
  const page = await freshPage(browser, { records })
  await prepare?.(page)
  await page.goto(`${site.url}${encodePermalink({ ...EMPTY_SESSION, text, view: 'corpus', run })}`)
  await page.getByRole('button', { name: /^Model:.*(WASM × \d|WebGPU)/ }).waitFor()
  await page.getByRole('button', { name: 'Run it' }).waitFor()
  await rest(1000)
  return page
}

/**
 * Presses the button and waits for the end of the run, by the page's own clock.
 *
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<{ ms: number, text: string }>} what its state says at the end
 */
export async function startRun(page) {
  page.setDefaultTimeout(PATIENCE)
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const started = performance.now()
        const look = () => {
          const text = document.querySelector('.corpus-state')?.textContent ?? ''
          const [, done, total] = /(?:^|\D)([\d,]+) of ([\d,]+) reviews? ·/.exec(text) ?? []
          if (done === undefined || done !== total) return
          watch.disconnect()
          resolve({ ms: performance.now() - started, text })
        }
        const watch = new MutationObserver(look)
        watch.observe(document.body, { subtree: true, childList: true, characterData: true })
        const button = document.querySelector('.corpus-offer button')
        if (button instanceof HTMLElement) button.click()
      }),
  )
}
