import { readFile } from 'node:fs/promises'
import * as nodeOrt from 'onnxruntime-node'
import { freshPage, PATIENCE, rest } from './page.mjs'
import { load, MODEL_FOLDER, THREADS } from './site.mjs'
import { ratioSpreadOf, spreadOf } from './statistics.mjs'

/**
 * Runs of the session alone, in the browser and in Node by turns: WASM against native, our graph against an ordinary
 * export, neighbours against a forward.
 *
 * @param {object} options
 * @param {import('@playwright/test').Browser} options.browser
 * @param {import('./site.mjs').Site} options.site
 * @param {string} options.text
 * @param {string | undefined} options.exportFile
 * @param {number} options.rounds
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function measureForwards({ browser, site, text, exportFile, rounds }) {
  const native = await openNative(exportFile)
  const tokens = await native.model.prepare(text)
  const page = await freshPage(browser)
  await page.goto(site.blank)
  await page.waitForFunction(() => 'probe' in window, undefined, { timeout: PATIENCE })
  await page.evaluate(
    async ([pageUrl, threads, exportUrl, text]) => {
      await window.probe.open(pageUrl, threads, exportUrl)
      await window.probe.prepare(text)
    },
    /** @type {const} */ ([site.url, THREADS, site.exportUrl, text]),
  )

  const sides = {
    wasm: () => page.evaluate(() => window.probe.forward('all')),
    native: () => native.model.forward('all'),
    neighbors: () => page.evaluate(() => window.probe.neighbors()),
    ...(native.ordinary && {
      wasmExport: () => page.evaluate(() => window.probe.exportForward()),
      nativeExport: native.ordinary,
    }),
  }
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(Object.keys(sides).map((side) => [side, []]))
  for (let round = -1; round < rounds; round++) {
    for (const [side, run] of Object.entries(sides)) {
      await rest()
      const ms = await run()
      // The first round warms up.
      if (round >= 0) times[side].push(ms)
    }
  }
  await page.context().close()

  const ms = (/** @type {string} */ side) => `${spreadOf(times[side]).median.toFixed(1)} ms`
  /** @param {string} side @param {string} against */
  const ratio = (side, against) => ratioSpreadOf(times[side], times[against])
  const exports = [
    { side: 'native', name: 'our graph / ordinary export, onnxruntime-node' },
    { side: 'wasm', name: 'our graph / ordinary export, WASM' },
  ]
  return [
    {
      id: 'wasm-native',
      name: `WASM / onnxruntime-node, ${THREADS} threads`,
      unit: '×',
      value: ratio('wasm', 'native'),
      note: `${ms('wasm')} against ${ms('native')}; our graph, ${tokens} tokens`,
    },
    ...exports.map(({ side, name }) =>
      native.ordinary
        ? {
            id: `export-${side}`,
            name,
            unit: /** @type {const} */ ('×'),
            goal: 1,
            value: ratio(side, `${side}Export`),
            note: `${ms(side)} against ${ms(`${side}Export`)}, all hidden states and logits fetched, ${tokens} tokens`,
          }
        : {
            id: `export-${side}`,
            name,
            unit: /** @type {const} */ ('×'),
            goal: 1,
            value: null,
            note: 'python training/export_onnx.py public/models/bert-imdb-l12-h384 FILE, then npm run bench -- --export FILE',
          },
    ),
    {
      id: 'neighbors-forward',
      name: 'exact neighbours of the review / one forward, WASM',
      unit: '×',
      goal: 1,
      value: ratio('neighbors', 'wasm'),
      note: `${ms('neighbors')} against ${ms('wasm')}; ${tokens - 2} tokens, 10 neighbours each with their shifts`,
    },
  ]
}

/** @param {string | undefined} exportFile */
async function openNative(exportFile) {
  const { openRepeatable } = await load('bench/probe/repeatableForward.ts')
  const { openExport } = await load('bench/probe/ordinaryExport.ts')
  const { createNodeRuntime } = await load('src/engine/forward/nodeRuntime.ts')
  const { readModelFiles } = await load('src/engine/sources/nodeFolder.ts')
  const { inputIdsOf } = await load('src/core/text/token.ts')
  /** @type {import('./probe/repeatableForward').RepeatableModel} */
  const model = await openRepeatable(createNodeRuntime(THREADS), await readModelFiles(MODEL_FOLDER))
  if (!exportFile) return { model, ordinary: null }
  const session = await openExport(nodeOrt, await readFile(exportFile), { intraOpNumThreads: THREADS })
  /** @type {readonly number[]} */
  let inputIds = []
  return {
    model: {
      ...model,
      prepare: (/** @type {string} */ text) => {
        inputIds = inputIdsOf(model.tokenize(text))
        return model.prepare(text)
      },
    },
    ordinary: () => session.forward(inputIds),
  }
}
