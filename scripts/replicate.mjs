import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'
import { ROOT } from './build.mjs'
import { DATA_SETS, MODELS, RUNS } from './shippedRuns.mjs'

const USAGE = `usage: npm run replicate -- [--imdb FILE] [--sst2 FILE] [--fine-tuned FOLDER] [--pre-trained FOLDER]
                            [--random FOLDER] [--work FOLDER] [--sample N] [--threads N] [--no-measure]

Runs the experiments of the paper over two data sets with four models, writes the runs that the page ships, without their
texts, and the table of docs/replication.md from all that are there. The built-in model is always there; a run whose file or
folder is not named is said and left as it is. FILE: the 25,000 IMDb test reviews, or the sentences of SST-2's dev split, with
a column "text" (CSV, JSONL, Parquet, ...).

What is measured lies in --work (default: replication/), batch by batch: after Ctrl-C the same command goes on from there.
--no-measure writes what is measured so far, finished or not.
`

const { values } = parseArgs({
  options: {
    imdb: { type: 'string' },
    sst2: { type: 'string' },
    'fine-tuned': { type: 'string' },
    'pre-trained': { type: 'string' },
    random: { type: 'string' },
    work: { type: 'string', default: join(ROOT, 'replication') },
    sample: { type: 'string', default: '500' },
    threads: { type: 'string', default: '0' },
    'no-measure': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stderr.write(USAGE)
  process.exit(0)
}

const SETTINGS = [
  ...['--column=text', '--seed=7', '--random-positions=1', '--pairs=1', '--least-impactful-pairs=1'],
  '--perturbations=nearest,neighbor,random,mask,delete,swap',
]
const TABLE = join(ROOT, 'docs/replication.md')
const MANIFEST = join(ROOT, 'src/core/corpus/shippedRuns.json')
const FILES = join(ROOT, 'public/corpora')
const MOST_BYTES = 2_000_000

/** @param {string} path from the root */
const load = async (path) => (await runnerImport(join(ROOT, path), { root: ROOT, configFile: false })).module
const { shippedRun, readShippedRun } = await load('scripts/replication.ts')
const { replicationTable } = await load('scripts/replicationTable.ts')

/** @type {Readonly<Record<string, string | boolean | undefined>>} */
const given = values
const named = (/** @type {string} */ option) => {
  const value = given[option]
  return typeof value === 'string' ? value : undefined
}
const folderOf = (/** @type {string} */ model) => (model === 'built-in' ? 'built-in' : named(model))
const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`)

/**
 * Measures, by the command itself.
 *
 * @param {string} file
 * @param {string} model
 * @param {string} out
 */
function measure(file, model, out) {
  const run = ['run', resolve(file), '--model', model === 'built-in' ? model : resolve(model), '--out', out]
  const amounts = ['--sample', values.sample, '--threads', values.threads]
  const command = [join(ROOT, 'bin/ripplescope.mjs'), ...run, ...amounts, ...SETTINGS]
  const child = spawn(process.execPath, command, { stdio: 'inherit' })
  return new Promise((resolve) => child.on('exit', resolve))
}

await mkdir(values.work, { recursive: true })
for (const [data, model, id] of RUNS) {
  const [file, folder] = [named(data), folderOf(model)]
  const out = join(values.work, id)
  const name = `${DATA_SETS[data].name}, ${MODELS[model].name}`
  if (!values['no-measure'] && file && folder) {
    say(`${name}:`)
    const code = await measure(file, folder, out)
    if (code !== 0) process.exit(code ?? 1)
  } else if (!existsSync(join(out, 'run.json'))) {
    const missing = [!file && `--${data}`, !folder && `--${model}`].filter(Boolean).join(' and ')
    say(`${name}: left as it is${missing ? `, for want of ${missing}` : ''}.`)
    continue
  }
  const bytes = await shippedRun(out, id)
  if (bytes === null) {
    say(`${name}: nothing is measured yet.`)
    continue
  }
  if (bytes.length > MOST_BYTES)
    throw new Error(`${id}.zip has ${bytes.length} bytes, more than ${MOST_BYTES}`)
  await writeFile(join(FILES, `${id}.zip`), bytes)
  say(`${name}: ${id}.zip, ${bytes.length} bytes.`)
}

const shipped = []
for (const [data, model, id] of RUNS) {
  const path = join(FILES, `${id}.zip`)
  if (!existsSync(path)) continue
  const run = await readShippedRun(await readFile(path))
  say(`${id}: ${run.tables.sequences.rows} of ${run.header.sampled} texts`)
  shipped.push({ id, data: DATA_SETS[data], model: MODELS[model], run })
}
const entries = shipped.map(({ id, data, model, run: { header, tables } }) => ({
  id,
  texts: data.texts,
  measured: tables.sequences.rows,
  sampled: header.sampled,
  model: model.name,
  sha256: header.provenance.sha256,
  weights: model.weights,
}))
await writeFile(MANIFEST, `${JSON.stringify(entries, null, 2)}\n`)
const [before, , after] = (await readFile(TABLE, 'utf8')).split(/<!-- (?:table|end of table) -->\n/)
await writeFile(TABLE, `${before}<!-- table -->\n${replicationTable(shipped)}<!-- end of table -->\n${after}`)
