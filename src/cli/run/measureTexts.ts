import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelFiles } from '../../engine/modelFiles'
import { weightsFilesOf } from '../../engine/openWeights'
import type { Environment } from '../environment'
import { InterruptedError } from '../exitCodes'
import { createInterrupts, type Interrupts } from '../interrupts'
import { isOnHub, readModel } from '../modelFolder'
import type { ModelOptions } from '../options'
import { inTime, type ProgressLine } from '../progressLine'
import { lanesFor, maxLanes, openBatchThreads } from './batchThreads'
import { type InputFormat, openInput } from './corpusInput'
import { expectedBatches } from './expectedBatches'
import { measureRun } from './measureRun'
import { type Measurer, openMeasurer } from './measurer'
import type { RunFolder } from './runFolder'
import { type SettingsOptions, settingsOf, withTask } from './runSettingsOptions'
import { type Shard, SPOOL, startRun } from './startedRun'

export interface MeasureOptions extends ModelOptions, SettingsOptions {
  readonly dataset?: string
  readonly split?: string
  readonly column?: string
  readonly encoding?: string
  readonly delimiter?: string
  readonly header?: number | 'none'
  readonly orient?: 'columns' | 'rows'
  readonly backslash?: boolean
  readonly keepNa?: true
  readonly format?: InputFormat
  readonly shard: Shard
}

/** Measures texts into a folder: all batches that it lacks. */
export async function measureTexts(
  path: string,
  paths: readonly string[],
  options: MeasureOptions,
  environment: Environment,
  progress: ProgressLine,
): Promise<void> {
  const { column = null, labelColumn = null, format = null, dataset, split, shard } = options
  const { encoding, delimiter, orient, keepNa, backslash } = options
  const header = options.header === 'none' ? null : options.header
  const reading = { encoding, delimiter, header, orient, keepNa, backslash }
  const asked = settingsOf(options)
  const interrupts = createInterrupts(environment)
  const { signal } = interrupts
  const spool = join(path, SPOOL)

  async function measureAll(): Promise<void> {
    const files = await readModel(options.model, environment, options)
    let measurer: Measurer | null = null
    let folder: RunFolder | null = null
    try {
      try {
        const input = await openInput(
          { paths, dataset, split, column, labelColumn, reading, format, spool, signal },
          environment,
        )
        const batches = await expectedBatches(path, input.reader, asked, shard, maxLanes(options))
        measurer = await openMeasurerFor(batches, path, files, options, environment)
        const { engine } = measurer
        const settings = withTask(asked, options, await engine.info())
        folder = await startRun({ path, input, settings, shard, engine, progress, signal }, environment)
      } catch (thrown) {
        throw signal.aborted ? signal.reason : thrown
      } finally {
        await rm(spool, { recursive: true, force: true })
      }
      await measureFolder(folder, measurer, interrupts, progress)
    } finally {
      await folder?.close()
      await measurer?.close()
    }
  }

  try {
    await Promise.race([measureAll(), interrupts.stopped])
  } finally {
    progress.end()
    interrupts.forget()
  }
}

/** Opens no model twice: threads that measure also read the texts. */
async function openMeasurerFor(
  batches: number,
  path: string,
  files: ModelFiles,
  options: MeasureOptions,
  { batchThread, packageFolder }: Environment,
): Promise<Measurer> {
  const bytes = weightsFilesOf(files).reduce((sum, { blob }) => sum + blob.size, 0)
  const { lanes, threads } = lanesFor(options, batches, bytes)
  if (!batchThread || lanes === 1) return openMeasurer(files, options)
  return openBatchThreads(batchThread, lanes, {
    path,
    options: { ...options, threads },
    packageFolder,
    files: isOnHub(options.model) ? files : null,
  })
}

/** @throws InterruptedError where it was stopped before its end */
async function measureFolder(
  folder: RunFolder,
  measurer: Measurer,
  { isStopped }: Interrupts,
  progress: ProgressLine,
): Promise<void> {
  const started = performance.now()
  const elapsed = () => (performance.now() - started) / 1000
  const texts = folder.part.end - folder.part.first
  let before: number | null = null
  let measured = 0
  const isComplete = await measureRun({
    folder,
    lanes: measurer.lanes(folder),
    isStopped,
    onProgress: ({ done, tokens, substitutions }) => {
      before ??= done
      measured = done - before
      const rate = tokens > 0 ? `, ${Math.round(tokens / elapsed())} tokens of them a second` : ''
      const left = measured > 0 ? `, ${inTime((elapsed() / measured) * (texts - done))} left` : ''
      progress.update(`${done} of ${texts} texts, ${substitutions} substitutions${rate}${left}`)
    },
  })
  progress.end()
  if (isComplete) {
    progress.say(`${texts} of ${folder.header.sampled} texts are measured, ${measured} of them now.`)
    return
  }
  throw new InterruptedError(
    `ripplescope: Interrupted. ${measured + (before ?? 0)} of ${texts} texts are measured and kept. ` +
      'Run the same command again to go on from there.',
  )
}
