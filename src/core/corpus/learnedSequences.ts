import { createRandom, drawnIndices } from '../random'
import type { RunHeader } from './run'

/** Largest share of a sample that maps are learned from: the rest is read with them. */
const MOST = 0.8

/** Returns the texts of a run's sample from which maps are learned, ascending, drawn by the seed: the same in every shard. */
export function learnedSequences({ settings, sampled }: Pick<RunHeader, 'settings' | 'sampled'>): number[] {
  const count = Math.min(settings.learnedTexts, Math.floor(MOST * sampled))
  return drawnIndices(sampled, count, createRandom(settings.seed, 0, 'learned'))
}
