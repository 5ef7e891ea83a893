import type { RunHeader } from '../../core/corpus/run'
import { PERTURBATION_NAMES, type RunSettings } from '../../core/corpus/runSettings'
import { NORM_NAMES } from '../../core/measures/norm'
import type { Comparison } from '../../state/corpus/corpusComparison'
import { counted, filtersInWords } from './corpusWords'

const SETTING_WORDS: {
  readonly [K in keyof RunSettings]: { readonly name: string; of(value: RunSettings[K]): string }
} = {
  seed: { name: 'seed', of: String },
  sampleSize: { name: 'sample size', of: (value) => value.toLocaleString('en') },
  norm: { name: 'ranking norm', of: (norm) => NORM_NAMES[norm] },
  filters: { name: 'filters of substitutes', of: filtersInWords },
  cleanHtml: { name: 'HTML line breaks', of: (cleans) => (cleans ? 'cleaned' : 'kept') },
  leastImpactful: { name: 'least impactful tokens', of: String },
  randomPositions: { name: 'random positions', of: String },
  perturbations: {
    name: 'perturbations',
    of: (kinds) => (kinds.length === 0 ? 'none' : kinds.map((kind) => PERTURBATION_NAMES[kind]).join(', ')),
  },
  neighborRank: { name: 'k of the k-th neighbour', of: String },
  pairs: { name: 'random pairs', of: String },
  leastImpactfulPairs: { name: 'pairs of least impactful tokens', of: String },
  readings: {
    name: 'readings',
    of: (readings) => (readings === 'all' ? 'every position' : String(readings)),
  },
  learnedTexts: { name: 'texts to learn maps from', of: String },
  causal: {
    name: 'share of the effect by layer',
    of: (reading) => (reading === 'none' ? 'not measured' : reading),
  },
}

function settingInWords<K extends keyof RunSettings>(key: K, open: RunHeader, compared: RunHeader): string {
  const { name, of } = SETTING_WORDS[key]
  return `${name} ${of(open.settings[key])} against ${of(compared.settings[key])}`
}

/**
 * Describes what two runs have in common and what differs, so that nobody takes a difference of texts for one of
 * models.
 */
export function differencesInWords({ headers, differences }: Comparison): string[] {
  const [open, compared] = headers
  const texts = {
    same: 'The same texts.',
    other: `Other texts: ${open.origin.name} (${counted(open.corpus.rows, 'row')}) against ${compared.origin.name} (${counted(compared.corpus.rows, 'row')}).`,
    unknown: `Texts of the same name, ${open.origin.name}; nothing proves that they are the same.`,
  }[differences.texts]
  const sizes =
    open.sampled === compared.sampled
      ? []
      : [`${counted(open.sampled, 'review')} sampled against ${compared.sampled.toLocaleString('en')}.`]
  const settings = differences.settings.map((key) => settingInWords(key, open, compared))
  return [
    ...(differences.model ? [] : ['The same model.']),
    texts,
    ...sizes,
    settings.length === 0 ? 'The same settings.' : `Other settings: ${settings.join('; ')}.`,
    ...(differences.layers
      ? [
          `${open.layers} layers against ${compared.layers}: layers stand at their relative depth, and differences are taken where both have a layer.`,
        ]
      : []),
  ]
}
