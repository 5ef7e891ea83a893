/**
 * node bench/run.mjs [--quick] [--only clicks,forwards,paint,cold,memory,scatter,corpus,cli] [--export FILE] [--python INTERPRETER] [--json FILE]
 *
 * Ratios with their spread, in one run on one machine: docs/performance.md says what each means. No test depends on them.
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
import { measureCorpusMemory } from './corpusMemory.mjs'
import { measureFirstPaint } from './firstPaint.mjs'
import { measureForwards } from './forwards.mjs'
import { MEMORY_FLAGS, measureMemory } from './memory.mjs'
import { tableOf } from './report.mjs'
import { measureScatter, SCATTER_FLAGS } from './scatter.mjs'
import { load, MODEL_FOLDER, openSite, THREADS } from './site.mjs'
import { reviewOf } from './texts.mjs'

const TOKENS = 128
const SHORT = 48
const ROUNDS = {
  full: { clicks: 20, ahead: 12, forwards: 30, visits: 5, frames: 240, runs: 3 },
  quick: { clicks: 6, ahead: 4, forwards: 5, visits: 2, frames: 60, runs: 1 },
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: 'forwards,clicks,paint,cold,memory,scatter,corpus,cli' },
    export: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'string' },
  },
})
const rounds = values.quick ? ROUNDS.quick : ROUNDS.full
const wanted = new Set(values.only.split(','))

const { encodePermalink } = await load('src/core/permalink.ts')
const { EMPTY_SESSION } = await load('src/core/session.ts')
const { text, shortText, parameters } = await describe()

/** @param {string} text @param {number} position */
const linkTo = (text, position) => encodePermalink({ ...EMPTY_SESSION, text, position })
const fragment = linkTo(text, TOKENS / 2)

const executablePath = await findBrowser()
/** @param {string[]} flags */
const launch = (flags = []) => chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...flags] })
const site = await openSite(values.export)
/** @type {import('./report.mjs').Row[]} */
const rows = []
let version = ''

/**
 * One part of the benchmark, in a browser of its own.
 *
 * @param {string} name
 * @param {(browser: import('@playwright/test').Browser) => Promise<import('./report.mjs').Row[]>} measure
 * @param {string[]} [flags]
 */
async function part(name, measure, flags) {
  if (!wanted.has(name)) return
  const browser = await launch(flags)
  version = browser.version()
  try {
    const found = await measure(browser)
    rows.push(...found)
    console.error(`${name}: done`)
  } catch (error) {
    const note = error instanceof Error ? error.message.split('\n')[0] : String(error)
    rows.push({ id: name, name: `all of "${name}"`, unit: 'ms', value: null, note })
    process.exitCode = 1
  } finally {
    await browser.close()
  }
}

try {
  await part('forwards', (browser) =>
    measureForwards({ browser, site, text, exportFile: values.export, rounds: rounds.forwards }),
  )
  await part('clicks', async (browser) => [
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
  await part('paint', (browser) => measureFirstPaint({ browser, site, rounds: rounds.visits }))
  await part('cold', (browser) => measureColdOpen({ browser, site, fragment, rounds: rounds.visits }))
  await part(
    'memory',
    (browser) => measureMemory({ browser, site, fragment, tokens: TOKENS, parameters }),
    MEMORY_FLAGS,
  )
  await part('scatter', (browser) => measureScatter({ browser, frames: rounds.frames }), SCATTER_FLAGS)
  await part('corpus', (browser) => measureCorpus({ browser, site, rounds: rounds.runs }))
  await part('corpus', (browser) => measureCorpusMemory({ browser, site }), MEMORY_FLAGS)
  await part('cli', () => measureCli({ python: values.python, rounds: rounds.forwards }))
  await part('cli', measureCliMemory)
} finally {
  await site.close()
}

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, Chromium ${version}, ${THREADS} threads`
console.log(`${machine}\n\n${tableOf(rows)}`)
if (values.json) await writeFile(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`)

/** What the bench must know of the model beforehand: its size, and how it cuts a text. */
async function describe() {
  const { createNodeRuntime } = await load('src/engine/nodeRuntime.ts')
  const { openModel } = await load('src/engine/openedModel.ts')
  const { readModelFiles } = await load('src/engine/readModelFiles.ts')
  /** @type {import('../src/engine/openedModel').OpenedModel} */
  const model = await openModel(createNodeRuntime(THREADS), await readModelFiles(MODEL_FOLDER))
  const text = reviewOf(model, TOKENS)
  const shortText = reviewOf(model, SHORT)
  await model.release()
  return { text, shortText, parameters: model.info.parameters }
}
