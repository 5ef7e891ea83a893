import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import { NO_LABEL } from '../../core/corpus/records/records'
import type { RunHeader, TokenCounts } from '../../core/corpus/run'
import type { RunSettings } from '../../core/corpus/runSettings'
import { targetOf } from '../../core/corpus/taskLabels'
import { fail } from '../../core/failure'
import { createRandom, shuffled } from '../../core/random'
import { cleanHtml } from '../../core/text/cleanHtml'
import { type CorpusText, callsOf, keptText, textParts } from './textBatches'

/** Returns a row's text as it is measured; null if it holds none. */
export function measuredText(
  text: string,
  { cleanHtml: cleans }: Pick<RunSettings, 'cleanHtml'>,
): string | null {
  const clean = cleans ? cleanHtml(text) : text
  return clean.trim() === '' ? null : clean
}

/** Gives the texts of a corpus: the part of a reader that sampling needs. */
export interface TextSource {
  batches(): AsyncIterable<{ readonly texts: readonly CorpusText[]; readonly bytesRead: number }>
  /** Counts the rows that could not be read, after all rows. */
  malformed?(): { readonly total: number }
}

export interface ReadingProgress {
  /** Number of rows so far, empty ones included. */
  readonly rows: number
  readonly bytes: number
  /** Number of tokens counted so far. */
  readonly tokens: number
}

export interface SampleOptions {
  readonly settings: Pick<RunSettings, 'seed' | 'sampleSize' | 'cleanHtml'> &
    Partial<Pick<RunSettings, 'task'>>
  readonly onProgress?: (progress: ReadingProgress) => void
  /** Awaited between calls of the engine: rejects to stop, waits to pause. */
  readonly checkpoint?: () => Promise<void>
}

export interface CorpusSample {
  /** Texts in the order of drawing; cleaned if the settings say so, and cut beyond the reach of any model. */
  readonly texts: readonly CorpusText[]
  readonly counts: TokenCounts
  /** Counts of the corpus: `rows` are those with a text, from which the sample was drawn. */
  readonly corpus: RunHeader['corpus']
  /** Number of texts left out because some token has no row in the model's word table. */
  readonly beyond: number
}

/** Returns a counter, by token, of everything that was encoded. */
function createTally(vocabularySize: number) {
  const counts = new Uint32Array(vocabularySize)
  let tokens = 0
  return {
    get tokens() {
      return tokens
    },
    add({ tokenIds, counts: added }: TokenCounts) {
      for (let i = 0; i < tokenIds.length; i++) {
        counts[tokenIds[i]] += added[i]
        tokens += added[i]
      }
    },
    counts(): TokenCounts {
      const tokenIds = Uint32Array.from([...counts.keys()].filter((id) => counts[id] > 0))
      return { tokenIds, counts: Uint32Array.from(tokenIds, (id) => counts[id]) }
    },
  }
}

/**
 * Draws a uniform sample of a stream of unknown length: Vitter's Algorithm R, one draw per text after the first `size`.
 */
function createReservoir<T>(size: number, seed: number) {
  const random = createRandom(seed, 0, 'sample')
  const kept: T[] = []
  let seen = 0
  return {
    /** Offers the next value. @param make called only for what is kept: most is not */
    offer(make: () => T) {
      const place = seen < size ? seen : random.below(seen + 1)
      seen++
      if (place < size) kept[place] = make()
    },
    /** Returns the sample in an order independent of the order in the corpus. */
    sample: () => shuffled(kept, createRandom(seed, 0, 'order')),
  }
}

/**
 * Draws the sample of a corpus whose texts are only counted: which of `rows` texts, from 0, are at 0, 1, ... of it.
 * `sampleCorpus` draws the same from as many texts.
 */
export function drawSample(
  rows: number,
  { sampleSize, seed }: Pick<RunSettings, 'sampleSize' | 'seed'>,
): readonly number[] {
  const reservoir = createReservoir<number>(sampleSize, seed)
  for (let row = 0; row < rows; row++) reservoir.offer(() => row)
  return reservoir.sample()
}

/**
 * Makes the first pass over a corpus: counts the tokens of all of it and draws the sample. The draw depends on the seed
 * and the rows alone, not on how the source cut them into batches.
 *
 * @throws whatever the source, the engine or the checkpoint throws
 */
export async function sampleCorpus(
  source: TextSource,
  engine: Pick<CorpusEngine, 'encodeTexts' | 'info'>,
  { settings, onProgress, checkpoint }: SampleOptions,
): Promise<CorpusSample> {
  const { vocabularySize } = await engine.info()
  const tally = createTally(vocabularySize)
  const reservoir = createReservoir<CorpusText>(settings.sampleSize, settings.seed)
  let rows = 0
  let empty = 0
  let beyond = 0
  let labelled = 0
  const { task } = settings
  let bytes = 0
  const report = () => onProgress?.({ rows: rows + empty + beyond, bytes, tokens: tally.tokens })

  /** Returns the counts of texts; null if a token has no row in the word table: such a text cannot be measured. */
  async function countsOf(texts: readonly CorpusText[]): Promise<TokenCounts[] | null> {
    const found: TokenCounts[] = []
    for (const call of callsOf(texts.flatMap(({ text }) => [...textParts(text)]))) {
      await checkpoint?.()
      const counts = await engine.encodeTexts(call, { ids: false })
      if (counts.tokenIds.some((id) => id >= vocabularySize)) return null
      found.push(counts)
      report()
    }
    return found
  }

  for await (const batch of source.batches()) {
    const texts: CorpusText[] = []
    for (const { row, text, label } of batch.texts) {
      if (task && targetOf(task, label) !== NO_LABEL) labelled++
      const clean = measuredText(text, settings)
      if (clean === null) {
        empty++
        continue
      }
      texts.push({ row, text: clean, ...(label !== undefined && { label }) })
    }
    const read: CorpusText[] = []
    let counted = await countsOf(texts)
    if (counted === null) {
      counted = []
      for (const text of texts) {
        const own = await countsOf([text])
        if (own === null) beyond++
        else {
          read.push(text)
          counted.push(...own)
        }
      }
    } else read.push(...texts)
    for (const counts of counted) tally.add(counts)
    for (const { text, ...rest } of read) reservoir.offer(() => ({ ...rest, text: keptText(text) }))
    rows += read.length
    bytes = batch.bytesRead
    await checkpoint?.()
    report()
  }
  if (task && labelled === 0 && rows > 0) {
    fail('invalid-request', `No text has a label in the column “${task.column}”.`, {
      advice: 'Choose the column that holds the labels, or none.',
    })
  }
  const skipped = empty + beyond + (source.malformed?.().total ?? 0)
  return {
    texts: reservoir.sample(),
    counts: tally.counts(),
    corpus: { rows, skipped, tokens: tally.tokens },
    beyond,
  }
}
