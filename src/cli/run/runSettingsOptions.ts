import { type Command, InvalidArgumentError, Option } from 'commander'
import * as v from 'valibot'
import { DEFAULT_SETTINGS } from '../../core/corpus/runLink'
import { runSettingsSchema } from '../../core/corpus/runLinkSchema'
import {
  type LabelEntry,
  MAX_LEARNED_TEXTS,
  MAX_SAMPLE,
  PERTURBATIONS,
  type Perturbation,
  type RunSettings,
} from '../../core/corpus/runSettings'
import { labelNamed, noTaskReason, ownLabelMap } from '../../core/corpus/taskLabels'
import type { ModelInfo } from '../../core/explorer'
import { FailureError } from '../../core/failure'
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
  readonly labelColumn?: string
  readonly labelMap?: readonly LabelPair[]
}

/** Holds a value of the label column and what it stands for: the name or the id of a label, or `none`. */
type LabelPair = readonly [value: string, label: string]

function labelPairs(text: string): LabelPair[] {
  return text.split(',').map((pair) => {
    const at = pair.lastIndexOf('=')
    if (at < 1 || at === pair.length - 1) {
      throw new InvalidArgumentError('It must be value=label, set apart by commas, as neg=0,pos=1.')
    }
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
  })
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
    .option(
      '--label-column <name>',
      'column with the right labels: what accuracy loses as 1 to 20 % of the tokens are substituted',
    )
    .option(
      '--label-map <pairs>',
      'what its values stand for, as neg=0,pos=1: names or ids of labels, or none (default: the names and ids themselves)',
      labelPairs,
    )
}

/**
 * Returns the settings with the task that the options name, for a model.
 *
 * @throws UsageError where a label map names no label; FailureError where the model has no label that could be right
 */
export function withTask(
  settings: RunSettings,
  { labelColumn, labelMap }: Pick<SettingsOptions, 'labelColumn' | 'labelMap'>,
  { labels, details }: Pick<ModelInfo, 'labels' | 'details'>,
): RunSettings {
  if (labelColumn === undefined) {
    if (labelMap) throw new UsageError('A --label-map is of a --label-column.', 'Name the column, too.')
    return settings
  }
  const reason = noTaskReason(labels, details?.prediction)
  if (reason) throw new FailureError(reason)
  const map = labelMap?.map(([value, named]): LabelEntry => {
    if (named === NONE_NAME) return [value, null]
    const label = labelNamed(labels, named)
    if (label !== null) return [value, label]
    throw new UsageError(
      `--label-map: the model has no label ${named}.`,
      `It has ${labels.map((name, id) => `${id} (${name})`).join(', ')}; none leaves texts out.`,
    )
  })
  return checked({ ...settings, task: { column: labelColumn, map: map ?? ownLabelMap(labels) } })
}

/** Leaves texts with a value out of the task. */
const NONE_NAME = 'none'

/** Returns the settings apart from the task, which needs the model (`withTask`). @throws UsageError where they make no run */
export function settingsOf(options: SettingsOptions): RunSettings {
  return checked({
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
    task: null,
  })
}

function checked(settings: RunSettings): RunSettings {
  const parsed = v.safeParse(runSettingsSchema, settings)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw new UsageError(`The settings make no run: ${v.getDotPath(issue)}: ${issue.message}.`)
}
