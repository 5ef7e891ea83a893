import * as v from 'valibot'
import type { RunHeader, RunStatus, TokenNames } from '../../core/corpus/run'
import { corpusOriginSchema, runSettingsSchema } from '../../core/corpus/runLinkSchema'
import { PREDICTION_KINDS } from '../../core/measures/prediction'
import type { Provenance } from '../../core/session/provenance'
import { damaged, notARun, tooNew } from './damagedRun'

export const FORMAT = 'ripplescope-run'
export const VERSION = 1

/** Largest number of layers, more than any model has: it limits the columns. */
const MAX_LAYERS = 512

const text = v.pipe(v.string(), v.maxLength(1000))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

export const tokenNamesSchema: v.GenericSchema<unknown, TokenNames> = v.array(v.tuple([count, text]))

/** Checks provenance, with its fields in the engine's order, so that a run opened from a file is written unchanged. */
const provenanceSchema: v.GenericSchema<unknown, Provenance> = v.strictObject({
  modelId: text,
  sha256: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{64})?$/)),
  family: v.optional(text),
  file: v.optional(text),
  revision: v.optional(text),
  precision: text,
  device: text,
  shipped: v.boolean(),
})

export const runHeaderSchema: v.GenericSchema<unknown, RunHeader> = v.strictObject({
  id: text,
  version: v.literal(1),
  settings: runSettingsSchema,
  origin: corpusOriginSchema,
  provenance: provenanceSchema,
  layers: v.pipe(count, v.maxValue(MAX_LAYERS)),
  labels: v.pipe(v.array(text), v.maxLength(255)),
  prediction: v.exactOptional(v.picklist(PREDICTION_KINDS)),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  corpus: v.strictObject({ rows: count, skipped: count, tokens: count }),
  sampled: v.pipe(count, v.maxValue(0xffffffff)),
})

export const runStatusSchema: v.GenericSchema<unknown, RunStatus> = v.picklist([
  'reading',
  'running',
  'paused',
  'finished',
  'cancelled',
  'failed',
])

const markSchema = v.looseObject({ format: v.literal(FORMAT), version: v.pipe(v.number(), v.integer()) })
const versionSchema = v.looseObject({ header: v.looseObject({ version: v.pipe(v.number(), v.integer()) }) })

/**
 * Checks the JSON of a run's file: that it is a run, of a known version, and in the shape of the schema.
 *
 * @param json text from outside
 * @throws FailureError `damaged-file`
 */
export function parseRunJson<T>(json: string, schema: v.GenericSchema<unknown, T>): T {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return damaged('a part of it is missing or was changed')
  }
  const mark = v.safeParse(markSchema, value)
  if (!mark.success) return notARun(`it does not say "format": "${FORMAT}"`)
  const header = v.safeParse(versionSchema, value)
  const isNewer = mark.output.version > VERSION || (header.success && header.output.header.version > VERSION)
  if (isNewer) return tooNew()
  const parsed = v.safeParse(schema, value, { abortEarly: true })
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  return damaged(`${v.getDotPath(issue) ?? 'its header'} has a value that a run cannot have`)
}
