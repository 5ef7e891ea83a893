import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import type { RunHeader } from '../../core/corpus/run'
import { fail } from '../../core/failure'
import type { RunStore } from '../store/runStore'
import { chooseReadings } from './sequencePlan'

export interface LearnOptions {
  readonly engine: CorpusEngine
  readonly store: Pick<RunStore, 'text'>
  readonly header: RunHeader
  readonly framingIds: ReadonlySet<number>
  /** Texts to learn from, by their index in the sample. */
  readonly sequences: readonly number[]
  /** Called before each text and each fit. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
  /** Awaited before each call of the engine: rejects to stop. */
  readonly checkpoint: () => Promise<void>
  /** Asked before each text and each fit; what is learned so far stays in the engine. */
  readonly isPaused: () => boolean
}

/**
 * Learns a run's maps, as far as the engine does not have them: from the same texts in the same order wherever a part of the
 * run is measured, so that every shard reads with the same maps.
 *
 * @returns false if it was paused before all were fitted
 * @throws FailureError of the engine; `storage` where a text is gone
 */
export async function learnMaps(options: LearnOptions): Promise<boolean> {
  const { engine, store, header, framingIds, sequences, onProgress, checkpoint, isPaused } = options
  const { id: key, layers, settings } = header
  const status = await engine.learned(key)
  if (status.layers > layers) return true
  const known = new Set(status.sequences)
  const total = sequences.length + layers + 1
  let done = known.size
  for (const sequence of sequences) {
    if (known.has(sequence)) continue
    if (isPaused()) return false
    onProgress({ done, total })
    await checkpoint()
    const text =
      (await store.text(key, sequence)) ??
      fail('storage', 'The texts that maps are learned from are no longer kept, so the run cannot go on.', {
        kept: 'What was measured is kept.',
        advice: 'Start a new run over the same corpus.',
      })
    const encoded = await engine.encodeTexts([text.text], { ids: true })
    const inputIds = Array.from(encoded.inputIds[0])
    const candidates = [...inputIds.keys()].filter((position) => !framingIds.has(inputIds[position]))
    const positions = chooseReadings({ sequence, candidates }, settings)
    await checkpoint()
    await engine.learnFrom({ key, sequence, inputIds, positions })
    done++
  }
  for (let layer = status.layers; layer <= layers; layer++) {
    if (isPaused()) return false
    onProgress({ done: sequences.length + layer, total })
    await checkpoint()
    await engine.fitLayer(key)
  }
  return true
}
