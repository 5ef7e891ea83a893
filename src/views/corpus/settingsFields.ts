import { MAX_LEARNED_TEXTS, MAX_SAMPLE, type RunSettings } from '../../core/corpus/runSettings'

/** Names the settings that are whole numbers. */
export type NumberKey =
  | 'seed'
  | 'sampleSize'
  | 'leastImpactful'
  | 'randomPositions'
  | 'neighborRank'
  | 'pairs'
  | 'leastImpactfulPairs'
  | 'learnedTexts'

export interface NumberField {
  readonly key: NumberKey
  readonly label: string
  /** Meaning of the setting, with the paper's equation or figure. */
  readonly hint: string
  readonly min: number
  readonly max: number
}

export const NUMBER_FIELDS: readonly NumberField[] = [
  {
    key: 'sampleSize',
    label: 'Sample size',
    hint: 'Reviews drawn from the corpus (the paper: 500). Commonness is counted over all of it.',
    min: 1,
    max: MAX_SAMPLE,
  },
  {
    key: 'seed',
    label: 'Seed',
    hint: 'Draws the sample, the random positions and tokens: the same seed gives the same numbers.',
    min: 0,
    max: 2 ** 32 - 1,
  },
  {
    key: 'leastImpactful',
    label: 'Least impactful tokens',
    hint: 'Positions of each review with the smallest shift, substituted and measured at every layer (figs. 1 and 3: 5).',
    min: 0,
    max: 20,
  },
  {
    key: 'randomPositions',
    label: 'Random positions',
    hint: 'Further positions of each review where the perturbations below are compared (beyond the paper).',
    min: 0,
    max: 20,
  },
  {
    key: 'neighborRank',
    label: 'k of the k-th neighbour',
    hint: 'How far down the list of eq. 1 the perturbation “k-th neighbour” goes.',
    min: 2,
    max: 50,
  },
  {
    key: 'pairs',
    label: 'Random pairs',
    hint: 'Pairs of positions of each review, changed one, the other and both: is the effect the sum? (Beyond the paper.)',
    min: 0,
    max: 10,
  },
  {
    key: 'leastImpactfulPairs',
    label: 'Pairs of least impactful tokens',
    hint: 'The same of the positions with the smallest shifts: 1 takes ranks 1 and 2, then 1 and 3, 2 and 3. (Beyond the paper.)',
    min: 0,
    max: 10,
  },
  {
    key: 'learnedTexts',
    label: 'Texts to learn maps from',
    hint: 'A linear map a layer is learned from the readings of so many reviews; the others are read with it, too (after Brunner et al. 2019).',
    min: 0,
    max: MAX_LEARNED_TEXTS,
  },
]

export const READINGS_FIELD = { min: 0, max: 512 } as const

/** Holds a form's values as typed; the other settings cannot be mistyped. */
export type NumberTexts = Readonly<Record<NumberKey | 'readings', string>>

export function textsOf(settings: RunSettings): NumberTexts {
  return {
    sampleSize: String(settings.sampleSize),
    seed: String(settings.seed),
    leastImpactful: String(settings.leastImpactful),
    randomPositions: String(settings.randomPositions),
    neighborRank: String(settings.neighborRank),
    pairs: String(settings.pairs),
    leastImpactfulPairs: String(settings.leastImpactfulPairs),
    learnedTexts: String(settings.learnedTexts),
    readings: settings.readings === 'all' ? '16' : String(settings.readings),
  }
}

/** Reads a number; null if the text is no whole number between the bounds. */
export function readWhole(text: string, { min, max }: { readonly min: number; readonly max: number }) {
  const value = /^\s*\d{1,12}\s*$/.test(text) ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : null
}

/** Returns the settings with the numbers as typed; null if one of them is invalid. */
export function settingsFrom(base: RunSettings, texts: NumberTexts): RunSettings | null {
  const numbers = NUMBER_FIELDS.map((field) => [field.key, readWhole(texts[field.key], field)] as const)
  const readings = base.readings === 'all' ? 'all' : readWhole(texts.readings, READINGS_FIELD)
  if (readings === null || numbers.some(([, value]) => value === null)) return null
  return { ...base, ...Object.fromEntries(numbers), readings }
}
