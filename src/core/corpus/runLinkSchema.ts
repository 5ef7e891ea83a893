import * as v from 'valibot'
import { NO_FILTERS } from '../measures/neighbor'
import { NORMS } from '../measures/norm'
import type { CorpusOrigin } from './run'
import {
  CAUSAL_READINGS,
  MAX_LEARNED_TEXTS,
  MAX_SAMPLE,
  PERTURBATIONS,
  type RunSettings,
} from './runSettings'

/** Default settings of a new run: the paper's experiments over 500 sequences. */
export const DEFAULT_SETTINGS: RunSettings = {
  seed: 7,
  sampleSize: 500,
  norm: 'l2',
  filters: NO_FILTERS,
  cleanHtml: true,
  leastImpactful: 5,
  randomPositions: 2,
  perturbations: ['nearest'],
  neighborRank: 10,
  pairs: 0,
  leastImpactfulPairs: 0,
  readings: 16,
  learnedTexts: 0,
  causal: 'none',
}

const MAX_NAME = 1000

const whole = (from: number, to: number) => v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to))
const name = v.pipe(v.string(), v.maxLength(MAX_NAME))

/** Checks the settings of a run from outside against the bounds that `RunSettings` states. */
export const runSettingsSchema: v.GenericSchema<unknown, RunSettings> = v.strictObject({
  seed: whole(0, 2 ** 32 - 1),
  sampleSize: whole(1, MAX_SAMPLE),
  norm: v.picklist(NORMS),
  filters: v.strictObject({
    special: v.boolean(),
    unused: v.boolean(),
    otherKind: v.boolean(),
    variants: v.boolean(),
  }),
  cleanHtml: v.boolean(),
  leastImpactful: whole(0, 20),
  randomPositions: whole(0, 20),
  perturbations: v.pipe(
    v.array(v.picklist(PERTURBATIONS)),
    v.maxLength(PERTURBATIONS.length),
    v.check((kinds) => new Set(kinds).size === kinds.length, 'a perturbation stands twice'),
  ),
  neighborRank: whole(2, 50),
  pairs: whole(0, 10),
  // Settings of earlier versions do not have it.
  leastImpactfulPairs: v.optional(whole(0, 10), 0),
  readings: v.union([v.literal('all'), whole(0, 0xffff)]),
  // Settings of earlier versions do not have it.
  learnedTexts: v.optional(whole(0, MAX_LEARNED_TEXTS), 0),
  causal: v.optional(v.picklist(CAUSAL_READINGS), 'none'),
})

/** Checks the source of a run's texts from outside. */
export const corpusOriginSchema: v.GenericSchema<unknown, CorpusOrigin> = v.strictObject({
  name,
  kind: v.picklist(['file', 'hub', 'bundled', 'shipped']),
  column: v.nullable(name),
  sha256: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
})

/** Checks a run as a link names it. */
export const runLinkSchema = v.strictObject({
  settings: runSettingsSchema,
  origin: v.nullable(corpusOriginSchema),
})
