import type { Readable } from 'node:stream'
import * as v from 'valibot'
import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import { TABLES, tableSchemas } from '../../core/corpus/records/records'
import type { RunSettings } from '../../core/corpus/runSettings'
import { fail } from '../../core/failure'
import { predictionKind } from '../../core/measures/prediction'
import {
  type CallLimits,
  type MeasureContext,
  measureSequence,
  readVocabulary,
} from '../../corpus/run/measureSequence'
import { modelFields } from '../../corpus/run/newRun'
import { drawSample, measuredText } from '../../corpus/run/sample'
import { createSubstituteCache } from '../../corpus/run/substituteCache'
import { keptText, MAX_KEPT_CHARACTERS, textParts } from '../../corpus/run/textBatches'
import { objectsOf } from '../inputLines'
import { recordLines } from './runOutput'

/** Names the steps of a run, for engines that divide it among machines themselves (docs/scale.md). */
export const STEPS = ['describe', 'count', 'draw', 'measure'] as const
export type Step = (typeof STEPS)[number]

interface StepOptions {
  readonly engine: CorpusEngine
  readonly settings: RunSettings
  readonly limits: CallLimits
  readonly stdin: Readable
}

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const textSchema = v.object({ text: v.string() })
const rowsSchema = v.object({ rows: whole })
const sampledSchema = v.object({ sequence: whole, row: whole, text: v.string() })

const line = (value: unknown) => `${JSON.stringify(value)}\n`

/** Writes one line: the model, the settings, and the columns of every table. */
async function* describe({ engine, settings }: StepOptions) {
  const info = await engine.info()
  const { layers, vocabularySize } = info
  const tables = tableSchemas(layers)
  const format = { format: 'ripplescope-step', version: 1 }
  yield line({ ...format, settings, ...modelFields(info), vocabularySize, tables })
}

/**
 * Writes one line per text, in their order: whether it counts as a row, and its number of tokens without special ones;
 * null if it holds no text. Then one line per token that occurred.
 */
async function* count({ engine, settings, stdin }: StepOptions) {
  const { vocabularySize } = await engine.info()
  const counts = new Float64Array(vocabularySize)
  for await (const { text } of objectsOf(stdin, textSchema)) {
    const measured = measuredText(text, settings)
    let tokens = 0
    for (const part of measured === null ? [] : textParts(measured)) {
      const found = await engine.encodeTexts([part], { ids: false })
      for (const [i, id] of found.tokenIds.entries()) {
        counts[id] += found.counts[i]
        tokens += found.counts[i]
      }
    }
    // The readers of `ripplescope run` take such a row for none at all, and count on without it.
    const isRow = text.trim() !== ''
    yield line({ row: isRow, tokens: measured === null ? null : tokens })
  }
  for (const [token_id, count] of counts.entries()) {
    if (count > 0) yield line({ table: 'counts', token_id, count })
  }
}

/**
 * Reads the number of texts; writes one line per sequence of the sample: the index of its text, not counting texts
 * without content.
 */
async function* draw({ settings, stdin }: StepOptions) {
  for await (const { rows } of objectsOf(stdin, rowsSchema)) {
    for (const [sequence, text] of drawSample(rows, settings).entries()) yield line({ sequence, text })
  }
}

/** Writes the records of texts whose index in the sample is known: those of each before the next is read. */
async function* measure({ engine, settings, limits, stdin }: StepOptions) {
  if (settings.learnedTexts > 0) {
    fail('invalid-request', 'A step has no texts of other tasks to learn maps from.', {
      advice: 'Leave --learned-texts out, or divide the run with --shard.',
    })
  }
  const info = await engine.info()
  const { layers, labels } = info
  const schemas = tableSchemas(layers)
  const cache = createSubstituteCache(engine, settings)
  const context: MeasureContext = {
    ...(await readVocabulary(engine)),
    ...{ engine, settings, layers, labels, limits, cache, prediction: predictionKind(info) },
  }
  for await (const { sequence, row, text } of objectsOf(stdin, sampledSchema)) {
    const measured = measuredText(text, settings)
    if (measured === null) continue
    const kept = keptText(measured)
    const { inputIds, truncated } = await engine.encodeTexts([kept], { ids: true })
    const tables = await measureSequence(context, {
      sequence,
      row,
      inputIds: Array.from(inputIds[0]),
      truncated: truncated[0] || kept.length >= MAX_KEPT_CHARACTERS - 1,
    })
    for (const table of TABLES) yield* recordLines(table, schemas[table], tables[table])
  }
}

/**
 * Runs one step of a run: JSON lines from standard input, JSON lines out. The same question gives the same lines, and
 * the numbers of a text depend on no other text.
 *
 * @throws FailureError of the engine; `invalid-request` for a line that is not what the step takes
 */
export function runStep(step: Step, options: StepOptions): AsyncGenerator<string> {
  switch (step) {
    case 'describe':
      return describe(options)
    case 'count':
      return count(options)
    case 'draw':
      return draw(options)
    case 'measure':
      return measure(options)
  }
}
