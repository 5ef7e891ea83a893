import { DEFAULT_SETTINGS } from '../../core/corpus/runLink'
import { PERTURBATIONS, type RunSettings } from '../../core/corpus/runSettings'

/** Settings of the paper: 500 sequences, the 5 least impactful substitutions of each by l2, every position read. */
export const PAPER_SETTINGS: RunSettings = {
  ...DEFAULT_SETTINGS,
  sampleSize: 500,
  norm: 'l2',
  leastImpactful: 5,
  randomPositions: 0,
  pairs: 0,
  readings: 'all',
}

/** Settings for every experiment over few sequences: a first impression in minutes. */
export const QUICK_SETTINGS: RunSettings = {
  ...DEFAULT_SETTINGS,
  sampleSize: 20,
  leastImpactful: 5,
  randomPositions: 1,
  perturbations: PERTURBATIONS,
  pairs: 1,
  leastImpactfulPairs: 1,
  readings: 16,
}
