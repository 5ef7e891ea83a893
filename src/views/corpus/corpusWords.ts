import { format } from 'd3-format'
import type { CorpusOrigin, RunHeader, RunProgress } from '../../core/corpus/run'
import type { RunSettings, TaskSetting } from '../../core/corpus/runSettings'
import type { NeighborFilters } from '../../core/measures/neighbor'
import { NORM_NAMES } from '../../core/measures/norm'
import { formatDuration } from '../formatDuration'

const whole = format(',.0f')

/** Returns `1 row`, `25,000 rows`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${whole(n)} ${n === 1 ? one : many}`
}

export const FILTER_NAMES: Readonly<Record<keyof NeighborFilters, string>> = {
  special: 'special tokens',
  unused: '[unused] entries',
  otherKind: 'pieces of the other kind',
  variants: 'variants of the word',
}

/** Returns `no filters`, `without special tokens, variants of the word`. */
export function filtersInWords(filters: NeighborFilters): string {
  const on = (Object.keys(FILTER_NAMES) as (keyof NeighborFilters)[]).filter((key) => filters[key])
  return on.length === 0 ? 'no filters' : `without ${on.map((key) => FILTER_NAMES[key]).join(', ')}`
}

/** Returns `none`, `column “label”`. */
export const taskInWords = (task: TaskSetting | null): string =>
  task === null ? 'none' : `column “${task.column}”`

/** Describes a run in one line: `25,000 rows · sample of 300, seed 7 · l2 · no filters`. */
export function runFacts({ corpus, sampled, settings }: RunHeader): string {
  return [counted(corpus.rows, 'row'), `sample of ${whole(sampled)}`, settingsFacts(settings)].join(' · ')
}

/** Returns `seed 7 · l2 · no filters`. */
export function settingsFacts({ seed, norm, filters, task }: RunSettings): string {
  const labels = task ? ` · labels from ${taskInWords(task)}` : ''
  return `seed ${seed} · ${NORM_NAMES[norm]} · ${filtersInWords(filters)}${labels}`
}

const KINDS: Readonly<Record<CorpusOrigin['kind'], string>> = {
  file: 'from your file',
  hub: 'a data set of the hub',
  bundled: 'bundled with the page',
  shipped: 'ready-made run, shipped with the page',
}

export function originInWords({ kind, column }: CorpusOrigin): string {
  return column === null ? KINDS[kind] : `${KINDS[kind]}, column “${column}”`
}

/**
 * Describes the progress of a run: `partial: 120 of 500 reviews, cancelled`.
 *
 * @param options.shipped it came with the page: nobody here cancelled it
 */
export function statusInWords(
  { status, done, total, secondsLeft, learning }: RunProgress,
  { shipped = false }: { readonly shipped?: boolean } = {},
): string {
  const part = `${whole(done)} of ${counted(total, 'review')}`
  switch (status) {
    case 'reading':
      return done === 0 ? 'reading the texts' : `reading the texts: ${counted(done, 'row')} so far`
    case 'running':
      if (learning) return `learning maps: ${whole(learning.done)} of ${whole(learning.total)} steps`
      return secondsLeft === null ? part : `${part}, about ${formatDuration(secondsLeft)} left`
    case 'paused':
      return `paused: ${part}`
    case 'cancelled':
      return shipped
        ? `${counted(done, 'text')} of a sample of ${whole(total)}`
        : `partial: ${part}, cancelled`
    case 'failed':
      return `partial: ${part}, stopped by an error`
    case 'finished':
      return part
  }
}

/** Returns `76,925 tokens · 1,500 substitutions · 3 rows skipped`. */
export function amountsInWords({ tokens, substitutions }: RunProgress, skipped: number | null): string {
  return [
    counted(tokens, 'token'),
    counted(substitutions, 'substitution'),
    ...(skipped === null ? [] : [`${counted(skipped, 'row')} skipped`]),
  ].join(' · ')
}
