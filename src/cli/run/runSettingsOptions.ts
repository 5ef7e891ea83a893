import { type Command, InvalidArgumentError, Option } from 'commander'
import * as v from 'valibot'
import { DEFAULT_SETTINGS } from '../../core/corpus/runLink'
import { runSettingsSchema } from '../../core/corpus/runLinkSchema'
import {
  CAUSAL_READINGS,
  type CausalReading,
  MAX_LEARNED_TEXTS,
  MAX_SAMPLE,
  PERTURBATIONS,
  type Perturbation,
  type RunSettings,
} from '../../core/corpus/runSettings'
import { NORMS, type Norm } from '../../core/measures/norm'
import { UsageError } from '../exitCodes'
import { addExcludeOption, type ExcludeOption, filtersOf, namesOf, whole } from '../options'

/** Holds the settings of a run as the command names them. */
export interface SettingsOptions {
  readonly seed: number
  readonly sample: number
  readonly norm: Norm
  readonly exclude: ExcludeOption
  readonly keepHtml?: boolean
  readonly leastImpactful: number
  readonly randomPositions: number
  readonly perturbations: readonly Perturbation[]
  readonly neighborRank: number
  readonly pairs: number
  readonly leastImpactfulPairs: number
  readonly readings: number | 'all'
  readonly learnedTexts: number
  readonly causal: CausalReading
}

const MAX_READINGS = 0xffff

function readings(text: string): number | 'all' {
  if (text === 'all') return text
  try {
    return whole(0, MAX_READINGS)(text)
  } catch {
    throw new InvalidArgumentError(`It must be all or a whole number, 0 to ${MAX_READINGS}.`)
  }
}

/**
 * Adds the options of a run's settings. Without any of them a run measures the paper's experiments over 500 texts, as
 * in the page.
 */
export function addSettingsOptions(command: Command): Command {
  const settings = DEFAULT_SETTINGS
  return addExcludeOption(command)
    .option('--sample <n>', 'texts drawn from all of them', whole(1, MAX_SAMPLE), settings.sampleSize)
    .option('--seed <n>', 'of every draw', whole(0, 2 ** 32 - 1), settings.seed)
    .addOption(
      new Option('--norm <name>', 'norm that ranks the least impactful tokens')
        .choices(NORMS)
        .default(settings.norm),
    )
    .option('--keep-html', 'leave <br /> in the texts as it stands')
    .option(
      '--least-impactful <n>',
      'positions of each text with the smallest shift, followed through all layers',
      whole(0, 20),
      settings.leastImpactful,
    )
    .option(
      '--random-positions <n>',
      'further positions, drawn at random',
      whole(0, 20),
      settings.randomPositions,
    )
    .addOption(
      new Option(
        '--perturbations <kinds>',
        `what is done at these: ${PERTURBATIONS.join(', ')}, set apart by commas, or none`,
      )
        .argParser(namesOf(PERTURBATIONS))
        .default(settings.perturbations, settings.perturbations.join()),
    )
    .option(
      '--neighbor-rank <k>',
      'k of the perturbation neighbor: the k-th nearest',
      whole(2, 50),
      settings.neighborRank,
    )
    .option(
      '--pairs <n>',
      'random pairs of positions, substituted one, the other, both',
      whole(0, 10),
      settings.pairs,
    )
    .option(
      '--least-impactful-pairs <n>',
      'the same of pairs of the least impactful positions, of the smallest shifts first',
      whole(0, 10),
      settings.leastImpactfulPairs,
    )
    .addOption(
      new Option('--readings <n>', 'positions compared with the word table at every layer, or all')
        .argParser(readings)
        .default(settings.readings),
    )
    .option(
      '--learned-texts <n>',
      'texts from whose readings a linear map a layer is learned; the others are read with it, too',
      whole(0, MAX_LEARNED_TEXTS),
      settings.learnedTexts,
    )
    .addOption(
      new Option(
        '--causal <reading>',
        'share of the effect of each perturbation that the parts of every layer carry, by putting states of one run into the other: takes up to four more runs a layer',
      )
        .choices(CAUSAL_READINGS)
        .default(settings.causal),
    )
}

/** @throws UsageError where they do not make a run */
export function settingsOf(options: SettingsOptions): RunSettings {
  const parsed = v.safeParse(runSettingsSchema, {
    seed: options.seed,
    sampleSize: options.sample,
    norm: options.norm,
    filters: filtersOf(options.exclude),
    cleanHtml: !options.keepHtml,
    leastImpactful: options.leastImpactful,
    randomPositions: options.randomPositions,
    perturbations: PERTURBATIONS.filter((kind) => options.perturbations.includes(kind)),
    neighborRank: options.neighborRank,
    pairs: options.pairs,
    leastImpactfulPairs: options.leastImpactfulPairs,
    readings: options.readings,
    learnedTexts: options.learnedTexts,
    causal: options.causal,
  })
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw new UsageError(`The settings make no run: ${v.getDotPath(issue)}: ${issue.message}.`)
}
