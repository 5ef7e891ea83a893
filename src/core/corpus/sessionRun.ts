import * as v from 'valibot'
import { type NeighborFilters, NO_FILTERS } from '../measures/neighbor'
import { NORMS } from '../measures/norm'
import { runSettingsSchema } from './runLinkSchema'
import { CAUSAL_READINGS, PERTURBATIONS, type RunSettings } from './runSettings'

/** Longest name of a file, a data set or a column in a run's source, UTF-16 units. */
export const MAX_SOURCE_NAME = 300

/** Names the source of a run's texts as far as a link can hold it: a file's bytes are not part of it. */
export type RunSource =
  | { readonly kind: 'file'; readonly name: string; readonly column: string | null }
  | { readonly kind: 'hub'; readonly dataset: string; readonly split: string; readonly column: string | null }
  | { readonly kind: 'bundled' }

/** Describes a run over a corpus in a session: its inputs, no results. */
export interface SessionRun {
  readonly settings: RunSettings
  /** Null if not given, for instance for the run that is shipped with the page. */
  readonly source: RunSource | null
}

const name = v.pipe(v.string(), v.maxLength(MAX_SOURCE_NAME))
const column = v.nullable(name)

/** Checks a run from a link or a file. */
export const sessionRunSchema = v.strictObject({
  settings: runSettingsSchema,
  source: v.nullable(
    v.variant('kind', [
      v.strictObject({ kind: v.literal('file'), name, column }),
      v.strictObject({ kind: v.literal('hub'), dataset: name, split: name, column }),
      v.strictObject({ kind: v.literal('bundled') }),
    ]),
  ),
})

const FILTERS = Object.keys(NO_FILTERS) as (keyof NeighborFilters)[]
const READ_ALL = -1

function compactSource(source: RunSource | null): (string | null)[] {
  if (!source) return []
  if (source.kind === 'file') return ['file', source.name, source.column]
  if (source.kind === 'hub') return ['hub', source.dataset, source.split, source.column]
  return ['bundled']
}

/** Returns numbers without the zeros at their end. */
const withoutLastZeros = (numbers: readonly number[]) =>
  numbers.slice(0, 1 + numbers.findLastIndex((number) => number !== 0))

/**
 * Encodes a run in few characters: `[seed, sampleSize, norm, filters, cleanHtml, leastImpactful, randomPositions,
 * perturbations, neighborRank, pairs, readings, leastImpactfulPairs, learnedTexts, causal, source]`, names as codes, filters and perturbations
 * as bits. The last numbers are left out where they and those behind them are 0, as they are in links of earlier versions.
 */
export function compactRun({ settings, source }: SessionRun): unknown[] {
  const { filters, perturbations, readings } = settings
  return [
    settings.seed,
    settings.sampleSize,
    NORMS.indexOf(settings.norm),
    FILTERS.reduce((bits, key, i) => bits | (filters[key] ? 1 << i : 0), 0),
    settings.cleanHtml ? 1 : 0,
    settings.leastImpactful,
    settings.randomPositions,
    PERTURBATIONS.reduce((bits, kind, i) => bits | (perturbations.includes(kind) ? 1 << i : 0), 0),
    settings.neighborRank,
    settings.pairs,
    readings === 'all' ? READ_ALL : readings,
    ...withoutLastZeros([
      settings.leastImpactfulPairs,
      settings.learnedTexts,
      CAUSAL_READINGS.indexOf(settings.causal),
    ]),
    compactSource(source),
  ]
}

/** Fewest and most numbers before the source. */
const NUMBERS = [11, 14] as const
const compactSchema = v.tuple([v.array(v.number()), v.array(v.nullable(v.string()))])

function expandSource([kind, ...fields]: readonly (string | null)[]): unknown {
  if (kind === undefined) return null
  if (kind === 'file') return { kind, name: fields[0], column: fields[1] ?? null }
  if (kind === 'hub') return { kind, dataset: fields[0], split: fields[1], column: fields[2] ?? null }
  return { kind }
}

/** Decodes the result of `compactRun`, for `sessionRunSchema` to check; null if it is something else. */
export function expandRun(value: unknown): unknown {
  if (!Array.isArray(value)) return null
  const numbers = value.length - 1
  if (numbers < NUMBERS[0] || numbers > NUMBERS[1]) return null
  const read = v.safeParse(compactSchema, [value.slice(0, -1), value.at(-1)], { abortEarly: true })
  if (!read.success) return null
  const [
    [
      seed,
      sampleSize,
      norm,
      filters,
      cleanHtml,
      leastImpactful,
      randomPositions,
      kinds,
      neighborRank,
      pairs,
      readings,
      leastImpactfulPairs = 0,
      learnedTexts = 0,
      causal = 0,
    ],
    source,
  ] = read.output
  return {
    settings: {
      seed,
      sampleSize,
      norm: NORMS[norm],
      filters: Object.fromEntries(FILTERS.map((key, i) => [key, (filters & (1 << i)) !== 0])),
      cleanHtml: cleanHtml === 1,
      leastImpactful,
      randomPositions,
      perturbations: PERTURBATIONS.filter((_, i) => (kinds & (1 << i)) !== 0),
      neighborRank,
      pairs,
      leastImpactfulPairs,
      readings: readings === READ_ALL ? 'all' : readings,
      learnedTexts,
      causal: CAUSAL_READINGS[causal],
    },
    source: expandSource(source),
  }
}
