import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import type { CorpusOrigin } from '../../core/corpus/run'
import type { RunSettings } from '../../core/corpus/runSettings'
import { fail } from '../../core/failure'
import { createRun } from '../../corpus/run/newRun'
import { sampleCorpus } from '../../corpus/run/sample'
import type { Environment } from '../environment'
import type { ProgressLine } from '../progressLine'
import type { CorpusInput } from './corpusInput'
import { shardPart } from './measureRun'
import { createRunFolder, openRunFolder, type RunFolder, tidyRunFolder } from './runFolder'

export interface Shard {
  /** Number of the shard, from 1. */
  readonly index: number
  readonly of: number
}

export interface StartOptions {
  readonly path: string
  readonly input: CorpusInput
  readonly settings: RunSettings
  readonly shard: Shard
  readonly engine: CorpusEngine
  readonly progress: ProgressLine
  readonly signal: AbortSignal
}

/** Folder for standard input, and for unpacked files, while they are read. */
export const SPOOL = '.input'

/** Matches the names that a folder may hold whose making was interrupted. */
const OWN_NAMES = /^(\.input|counts\.parquet|learned\.jsonl|vocabulary\.json|texts\.jsonl|batches|\..*\.tmp)$/

/**
 * Refuses to write into a folder that holds other files.
 *
 * @throws FailureError `invalid-request`
 */
export async function checkFolder(path: string): Promise<void> {
  if (await openRunFolder(path)) return
  const names = await readdir(path).catch((thrown: NodeJS.ErrnoException) =>
    thrown.code === 'ENOENT' ? [] : fail('storage', `${path} cannot be used: ${thrown.message}.`),
  )
  const foreign = names.find((name) => !OWN_NAMES.test(name))
  if (foreign !== undefined) {
    fail('invalid-request', `${path} holds other files (${foreign}).`, {
      advice: 'Name a new folder with --out.',
    })
  }
}

/** Returns the start time of the run; the environment can set it, to reproduce results byte for byte. */
function startTime({ env }: Environment): string {
  // https://reproducible-builds.org/specs/source-date-epoch/
  const epoch = env.SOURCE_DATE_EPOCH
  return (epoch && /^\d+$/.test(epoch) ? new Date(1000 * Number(epoch)) : new Date()).toISOString()
}

/** Returns an id that is the same for the same texts, model and settings, so that shards recognize one another. */
function runId(settings: RunSettings, { reader, identity: texts }: CorpusInput, sha256: string): string {
  // A setting that was added since is no part of the id where it is as it was before, so that earlier folders go on.
  const { causal, ...earlier } = settings
  const { leastImpactfulPairs, learnedTexts, ...others } = earlier
  const named = {
    ...(leastImpactfulPairs === 0 ? others : { ...earlier, learnedTexts: undefined }),
    ...(learnedTexts > 0 && { learnedTexts }),
    ...(causal !== 'none' && { causal }),
  }
  const identity = JSON.stringify([named, reader.column, texts, sha256])
  return createHash('sha256').update(identity).digest('hex').slice(0, 32)
}

async function readTexts({ input, settings, engine, progress, signal }: StartOptions) {
  const { reader } = input
  const sample = await sampleCorpus(reader, engine, {
    settings,
    onProgress: ({ rows, bytes, tokens }) => {
      const share =
        reader.totalBytes && bytes > 0 ? ` ${Math.floor((100 * bytes) / reader.totalBytes)} %` : ''
      progress.update(`reading${share}: ${rows} texts, ${tokens} tokens`)
    },
    checkpoint: async () => signal.throwIfAborted(),
  })
  const malformed = reader.malformed()
  const encoding = reader.encoding()
  if (encoding !== null && !encoding.startsWith('UTF-')) {
    progress.say(`${reader.name} is read as ${encoding}; --encoding names another.`)
  }
  for (const note of reader.notes) progress.say(note)
  for (const { line, reason } of malformed.rows.slice(0, 10))
    progress.say(`line ${line} was left out: ${reason}`)
  if (sample.beyond > 0) {
    progress.say(
      `${sample.beyond} texts were left out: the tokenizer knows tokens of theirs that the model's word table has no row for.`,
    )
  }
  if (malformed.missing > 0) {
    const rows = malformed.missing === 1 ? '1 row' : `${malformed.missing} rows`
    progress.say(
      `${rows} left out for a sign of a missing value (NA, null, nan, ...), as pandas reads them; --keep-na reads them as texts.`,
    )
  }
  if (malformed.total > 10) progress.say(`${malformed.total} lines were left out in all.`)
  if (sample.texts.length === 0) {
    fail('invalid-request', `There is no text in ${reader.name}.`, {
      advice: 'Name another column with --column, or another file.',
    })
  }
  return sample
}

/**
 * Returns the folder of a run: as it was left if the same run has begun there, else made anew from the texts.
 *
 * @throws FailureError `invalid-request` if the folder holds another run
 */
export async function startRun(options: StartOptions, environment: Environment): Promise<RunFolder> {
  const { path, input, settings, shard, engine } = options
  const { provenance } = await engine.info()
  const origin: CorpusOrigin = {
    name: input.name,
    kind: input.kind,
    column: input.reader.column,
    sha256: input.sha256,
  }
  const id = runId(settings, input, provenance.sha256)
  const begun = await openRunFolder(path)
  if (begun) {
    const part = shardPart(begun.header.sampled, shard.index, shard.of)
    if (begun.header.id !== id || begun.part.first !== part.first || begun.part.end !== part.end) {
      fail('invalid-request', `${basename(path)} holds another run: other texts, model, settings or shard.`, {
        kept: 'It is left as it is.',
        advice: 'Name another folder with --out, or ask for the same run to go on with it.',
      })
    }
    await tidyRunFolder(path)
    return begun
  }
  const sample = await readTexts(options)
  const run = await createRun(engine, { id, settings, origin, sample, startedAt: startTime(environment) })
  const part = shardPart(run.texts.length, shard.index, shard.of)
  await createRunFolder(path, run, { part, vocabulary: await engine.vocabulary() })
  return (await openRunFolder(path)) ?? fail('storage', `${join(path, 'run.json')} was removed meanwhile.`)
}
