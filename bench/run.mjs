/**
 * node bench/run.mjs [--quick] [--only clicks,forwards,paint,cold,memory,scatter,corpus,corpus-clicks,corpus-memory,patching,cli,cli-memory] [--export FILE] [--python INTERPRETER] [--json FILE]
 *
 * Measures ratios with their spread, in one run on one machine: docs/performance-notes.md says what each means. No test
 * depends on them.
 */

import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { CHROMIUM_FLAGS, findBrowser } from '../scripts/browser.mjs'
import { measureCli } from './cli.mjs'
import { measureClicks } from './clicks.mjs'
import { measureCliMemory } from './cliMemory.mjs'
import { measureColdOpen } from './coldOpen.mjs'
import { measureCorpus } from './corpus.mjs'
import { measureCorpusClicks } from './corpusClicks.mjs'
import { CORPUS_MEMORY_FLAGS, measureCorpusMemory } from './corpusMemory.mjs'
import { measureFirstPaint } from './firstPaint.mjs'
import { measureForwards } from './forwards.mjs'
import { MEMORY_FLAGS, measureMemory } from './memory.mjs'
import { measurePatching } from './patching.mjs'
import { tableOf } from './report.mjs'
import { measureScatter, SCATTER_FLAGS } from './scatter.mjs'
import { load, MODEL_FOLDER, openSite, THREADS } from './site.mjs'
import { reviewOf } from './texts.mjs'

const TOKENS = 128
const SHORT = 48
const PAGE_PARTS = [
  'forwards',
  'clicks',
  'paint',
  'cold',
  'memory',
  'scatter',
  'corpus',
  'corpus-clicks',
  'corpus-memory',
]
const ROUNDS = {
  full: { clicks: 20, ahead: 12, forwards: 30, visits: 5, frames: 240, runs: 3 },
  quick: { clicks: 6, ahead: 4, forwards: 5, visits: 2, frames: 60, runs: 1 },
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: [...PAGE_PARTS, 'patching', 'cli', 'cli-memory'].join() },
    export: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'string' },
  },
})
const rounds = values.quick ? ROUNDS.quick : ROUNDS.full
const wanted = new Set(values.only.split(','))

/** @type {import('./report.mjs').Row[]} */
const rows = []
let version = ''

/**
 * Runs one part of the benchmark.
 *
 * @param {string} name
 * @param {() => Promise<import('./report.mjs').Row[]>} measure
 */
async function part(name, measure) {
  if (!wanted.has(name)) return
  try {
    const found = await measure()
    rows.push(...found)
    // Results so far survive an interruption of the later parts.
    console.error(`${name}: done\n${tableOf(found)}\n`)
  } catch (error) {
    const note = error instanceof Error ? error.message.split('\n')[0] : String(error)
    rows.push({ id: name, name: `all of "${name}"`, unit: 'ms', value: null, note })
    process.exitCode = 1
  }
}

/** Measures all parts of the page, each in a browser of its own. */
async function measurePage() {
  const { encodePermalink } = await load('src/core/session/permalink.ts')
  const { EMPTY_SESSION } = await load('src/core/session/session.ts')
  const { text, shortText, parameters } = await describe()

  /** @param {string} text @param {number} position */
  const linkTo = (text, position) => encodePermalink({ ...EMPTY_SESSION, text, position })
  const fragment = linkTo(text, TOKENS / 2)

  const executablePath = await findBrowser()
  const site = await openSite(values.export)

  /**
   * @param {string} name
   * @param {(browser: import('@playwright/test').Browser) => Promise<import('./report.mjs').Row[]>} measure
   * @param {string[]} [flags]
   */
  const pagePart = (name, measure, flags = []) =>
    part(name, async () => {
      const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...flags] })
      version = `Chromium ${browser.version()}, `
      try {
        return await measure(browser)
      } finally {
        await browser.close()
      }
    })

  try {
    await pagePart('forwards', (browser) =>
      measureForwards({ browser, site, text, exportFile: values.export, rounds: rounds.forwards }),
    )
    await pagePart('clicks', async (browser) => [
      ...(await measureClicks({
        browser,
        site,
        text,
        fragment,
        rounds: rounds.clicks,
        aheadRounds: rounds.ahead,
      })),
      ...(await measureClicks({
        browser,
        site,
        text: shortText,
        fragment: linkTo(shortText, 5),
        rounds: rounds.clicks,
        aheadRounds: 0,
      })),
    ])
    await pagePart('paint', (browser) => measureFirstPaint({ browser, site, rounds: rounds.visits }))
    await pagePart('cold', (browser) => measureColdOpen({ browser, site, fragment, rounds: rounds.visits }))
    await pagePart(
      'memory',
      (browser) => measureMemory({ browser, site, fragment, tokens: TOKENS, parameters }),
      MEMORY_FLAGS,
    )
    await pagePart('scatter', (browser) => measureScatter({ browser, frames: rounds.frames }), SCATTER_FLAGS)
    await pagePart('corpus', (browser) => measureCorpus({ browser, site, rounds: rounds.runs }))
    await pagePart('corpus-clicks', (browser) =>
      measureCorpusClicks({ browser, site, text, rounds: rounds.ahead }),
    )
    await pagePart('corpus-memory', (browser) => measureCorpusMemory({ browser, site }), CORPUS_MEMORY_FLAGS)
  } finally {
    await site.close()
  }
}

if (PAGE_PARTS.some((name) => wanted.has(name))) await measurePage()
await part('patching', () => measurePatching({ rounds: rounds.forwards }))
await part('cli', () => measureCli({ python: values.python, rounds: rounds.forwards }))
await part('cli-memory', measureCliMemory)

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, ${version}${THREADS} threads`
console.log(`${machine}\n\n${tableOf(rows)}`)
if (values.json) await writeFile(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`)

/** Returns what the bench must know of the model beforehand: its size, and its tokens of a text. */
async function describe() {
  const { createNodeRuntime } = await load('src/engine/forward/nodeRuntime.ts')
  const { openModel } = await load('src/engine/openedModel.ts')
  const { readModelFiles } = await load('src/engine/sources/nodeFolder.ts')
  /** @type {import('../src/engine/openedModel').OpenedModel} */
  const model = await openModel(createNodeRuntime(THREADS), await readModelFiles(MODEL_FOLDER))
  const text = reviewOf(model, TOKENS)
  const shortText = reviewOf(model, SHORT)
  await model.release()
  return { text, shortText, parameters: model.info.parameters }
}
