import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { runnerImport } from 'vite'
import { ROOT } from './build.mjs'

const USAGE = `usage: npm run replicate -- FILE [--column NAME] [--sample N] [--seed N] [--out FILE]

Runs the experiments of the paper over a file of reviews (CSV, TSV, JSONL, JSON, TXT, Parquet; .gz too) with the built-in
model, writes the records and figures that the page ships, without the texts, and prints them beside the paper's.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    column: { type: 'string' },
    sample: { type: 'string', default: '500' },
    seed: { type: 'string', default: '7' },
    out: { type: 'string', default: join(ROOT, 'public/corpora/replication.zip') },
    help: { type: 'boolean', default: false },
  },
})
const [path] = positionals
if (values.help || positionals.length !== 1) {
  process.stderr.write(USAGE)
  process.exit(values.help ? 0 : 2)
}

/** @param {string} path from the root */
const load = async (path) => (await runnerImport(join(ROOT, path), { root: ROOT, configFile: false })).module

const { createNodeRuntime } = await load('src/engine/nodeRuntime.ts')
const { openModel } = await load('src/engine/openedModel.ts')
const { readModelFiles } = await load('src/engine/sources/nodeFolder.ts')
const { createCorpusEngine } = await load('src/engine/corpusEngine.ts')
const { computeFigures } = await load('src/core/corpus/computeFigures.ts')
const { DEFAULT_SETTINGS } = await load('src/core/corpus/runLink.ts')
const { NORMS } = await load('src/core/norm.ts')
const { runTokenNames } = await load('src/core/corpus/runTokenNames.ts')
const { writeRunFile } = await load('src/corpus/files/runFile.ts')
const { runFile, withoutTexts } = await load('scripts/replication.ts')
const { paperTable } = await load('scripts/paperTable.ts')

const { id } = JSON.parse(await readFile(join(ROOT, 'public/models/built-in.json'), 'utf8'))
const model = await openModel(createNodeRuntime(), await readModelFiles(join(ROOT, 'public/models', id)))
const bytes = await readFile(path)
const packed = path.endsWith('.gz')
const file = new File([packed ? gunzipSync(bytes) : bytes], basename(path).replace(/\.gz$/, ''))

let said = 0
const run = await runFile({
  engine: createCorpusEngine(model),
  file,
  column: values.column ?? null,
  settings: {
    ...DEFAULT_SETTINGS,
    seed: Number(values.seed),
    sampleSize: Number(values.sample),
    randomPositions: 1,
    perturbations: ['nearest', 'neighbor', 'random', 'mask', 'delete', 'swap'],
    pairs: 1,
  },
  /** @param {import('../src/core/corpus/run').RunProgress} progress */
  onProgress: ({ status, done, total, secondsLeft }) => {
    if (Date.now() - said < 5000) return
    said = Date.now()
    const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft / 60)} min left`
    process.stderr.write(`${status}: ${done} of ${total || '?'}${left}\n`)
  },
})
const figures = Object.fromEntries(
  NORMS.map((/** @type {string} */ norm) => [norm, computeFigures(run, { norm })]),
)
const shipped = { ...run, tables: withoutTexts(run.tables) }
const names = runTokenNames(shipped, model.vocabulary)
await writeFile(values.out, await writeRunFile(shipped, figures, names))
process.stdout.write(paperTable(run, figures.l2, model.vocabulary))
await model.release()
