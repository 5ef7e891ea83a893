import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { TableName } from '../../core/corpus/records/records'
import { DEFAULT_SPLIT } from '../../corpus/hub/hubDataset'
import { withCanonicalSubstitutes } from '../../corpus/run/canonicalSubstitutes'
import { createCorpusEngine } from '../../engine/corpusEngine'
import { type Environment, writeLines } from '../environment'
import { UsageError } from '../exitCodes'
import { withModel } from '../modelFolder'
import { addModelOptions, examples } from '../options'
import { createProgressLine } from '../progressLine'
import { INPUT_FORMATS, STDIN } from '../run/corpusInput'
import { limitsOf } from '../run/measureBatch'
import { type MeasureOptions, measureTexts } from '../run/measureTexts'
import { mergeRuns } from '../run/mergedRun'
import { formatOf, jsonLines, writeResult } from '../run/runOutput'
import { addSettingsOptions, settingsOf, withTask } from '../run/runSettingsOptions'
import { runStep, STEPS, type Step } from '../run/runSteps'
import { checkFolder, type Shard } from '../run/startedRun'
import { STDOUT, tableOption } from './mergeCommand'

interface RunOptions extends MeasureOptions {
  readonly out: string
  readonly step?: Step
  readonly table: TableName
  readonly quiet?: boolean
}

function parseDelimiter(text: string): string {
  if (text === 'tab') return '\t'
  if (text.length === 1) return text
  throw new InvalidArgumentError('It must be one character, or tab.')
}

// Commander takes null for an option without a value.
function parseHeader(text: string): number | 'none' {
  if (text === 'none') return text
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be the number of a line, from 1, or none.')
}

function parseShard(text: string): Shard {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? []
  if (index >= 1 && of >= index) return { index, of }
  throw new InvalidArgumentError('It must be i/n with 1 <= i <= n, as 2/7.')
}

/** Returns the folder of the batches during a run: the folder asked for, or one next to the file asked for. */
async function workFolder(out: string): Promise<string> {
  if (out === STDOUT) return mkdtemp(join(tmpdir(), 'ripplescope-'))
  const path = formatOf(out) === null ? out : `${out}.run`
  if (path !== out && existsSync(out)) {
    throw new UsageError(`${out} is there already.`, 'Name another file with --out, or remove it.')
  }
  await checkFolder(path)
  await mkdir(path, { recursive: true })
  return path
}

/** Runs one step of a run, for an engine that divides it: from standard input to standard output. */
async function runOneStep(
  step: Step,
  paths: readonly string[],
  options: RunOptions,
  environment: Environment,
): Promise<void> {
  if (paths.length !== 1 || paths[0] !== STDIN || options.out !== STDOUT) {
    throw new UsageError('A step reads standard input and writes standard output.', 'Ask for: run - --out -.')
  }
  const asked = settingsOf(options)
  await withModel(options, environment, (model) => {
    const engine = withCanonicalSubstitutes(createCorpusEngine(model))
    const settings = withTask(asked, options, model.info)
    return writeLines(
      environment.stdout,
      runStep(step, { engine, settings, limits: limitsOf(options.device), stdin: environment.stdin }),
    )
  })
}

/** @throws UsageError unless either files or a data set are named */
function checkSource(paths: readonly string[], { dataset, split }: RunOptions): void {
  if (paths.length > 0 && dataset !== undefined) {
    throw new UsageError('Files and a data set cannot be one corpus.', 'Name either.')
  }
  if (paths.length === 0 && dataset === undefined) {
    throw new UsageError('There is nothing to read.', 'Name files, - for standard input, or a --dataset.')
  }
  if (split !== undefined && dataset === undefined) {
    throw new UsageError('Only a --dataset has a --split.')
  }
}

async function run(paths: readonly string[], options: RunOptions, environment: Environment): Promise<void> {
  const { out, quiet, table, step } = options
  checkSource(paths, options)
  if (step) return runOneStep(step, paths, options, environment)
  const progress = createProgressLine(environment.stderr, Boolean(quiet))
  const path = await workFolder(out)
  try {
    await measureTexts(path, paths, options, environment, progress)
    if (path === out) return
    const merged = await mergeRuns([path], true)
    if (out === STDOUT) await writeLines(environment.stdout, jsonLines(merged))
    else {
      await writeResult(out, merged, table)
      progress.say(`The result is ${out}.`)
      await rm(path, { recursive: true })
    }
  } finally {
    if (out === STDOUT) await rm(path, { recursive: true, force: true })
    // Nothing was begun: nothing is left behind. A folder that holds something stays.
    await rmdir(path).catch(() => {})
  }
}

export function addRunCommand(program: Command, environment: Environment): void {
  const command = program
    .command('run')
    .summary('an experiment over many texts')
    .description(
      'Measures texts from files (CSV, TSV, JSONL, JSON, TXT, Parquet, also compressed with gzip), from standard input (-) or ' +
        'from a data set of the hub, as one corpus. What is measured lies in the folder --out, batch by batch; the same ' +
        'command goes on where it was interrupted. Where --out ends with .zip, .json, .jsonl or .parquet the folder is OUT.run ' +
        'until the file is written; - is JSON lines on standard output, at the end.',
    )
    .argument('[file...]', 'texts; - is standard input')
    .requiredOption('-o, --out <path>', 'folder or file of the result')
    .option('--dataset <name>', 'public data set of the hub: owner/name, or owner/name:configuration')
    .option('--split <name>', `of the data set (default: ${DEFAULT_SPLIT})`)
    .option('--column <name>', 'column or field with the texts; the likely one where this is left out')
    .addOption(new Option('--format <name>', 'of standard input').choices(INPUT_FORMATS))
    .option(
      '--encoding <name>',
      'of the files: utf-8, gb18030, shift_jis, windows-1251, ... (found out where left out)',
    )
    .addOption(
      new Option('--delimiter <character>', 'between the fields of CSV; tab is a name').argParser(
        parseDelimiter,
      ),
    )
    .addOption(
      new Option(
        '--header <line>',
        'line that names the columns of CSV, from 1; none: no line does',
      ).argParser(parseHeader),
    )
    .addOption(new Option('--orient <name>', 'what an object in JSON holds').choices(['columns', 'rows']))
    .option(
      '--backslash',
      'a backslash in CSV takes the meaning from the character behind it: \\" is a quote',
    )
    .option('--no-backslash', 'a backslash in CSV is a letter (found out where both are left out)')
    .option('--keep-na', 'read NA, null, nan and the like in CSV as texts, not as missing')
    .addOption(
      new Option('--shard <i/n>', 'measure the i-th of n parts of the sample')
        .argParser(parseShard)
        .default({ index: 1, of: 1 }, '1/1'),
    )
  addModelOptions(addSettingsOptions(command))
    .addOption(tableOption())
    .addOption(
      new Option(
        '--step <name>',
        'one step of a run that another engine divides (docs/scale.md), JSON lines in and out',
      ).choices(STEPS),
    )
    .option('-q, --quiet', 'say nothing but errors')
    .addHelpText(
      'after',
      examples(
        'ripplescope run reviews.csv --out run',
        'ripplescope run reviews.parquet --column text --sample 2000 --seed 1 --out result.zip',
        'ripplescope run --dataset stanfordnlp/imdb --split test --column text --out run',
        'cut -f2 reviews.tsv | ripplescope run - --format txt --out run --model ./my-bert',
        'ripplescope run reviews.csv --shard 2/7 --out shard-2 && ripplescope merge result.zip shard-*',
        'ripplescope run reviews.csv --label-column sentiment --label-map neg=0,pos=1 --out run',
        'ripplescope run reviews.csv --perturbations nearest,random,mask --random-positions 5 --pairs 2 --out run',
      ),
    )
    .action((paths: readonly string[], options: RunOptions) => run(paths, options, environment))
}
