import type { CorpusEngine, LearnedReadings, Variant } from '../../core/corpus/corpusEngine'
import type { RecordTables } from '../../core/corpus/records/records'
import type { RunSettings } from '../../core/corpus/runSettings'
import { NORMS } from '../../core/measures/norm'
import type { PredictionKind } from '../../core/measures/prediction'
import { choosePositions, chooseReadings, type KnownSequence, planSequence } from './sequencePlan'
import { createSequenceRecords, type EncodedSequence, type MeasuredVariants } from './sequenceRecords'
import { isNone, type SubstituteCache } from './substituteCache'

/** Limits one call of the engine, so that the user's own requests never wait long behind it. */
export interface CallLimits {
  /** Largest number of tokens of all variants together; one variant is always sent. */
  readonly maxTokensPerCall: number
  /** Largest number of positions read at all layers. */
  readonly maxReadingsPerCall: number
}

/**
 * Limits where nobody else waits for the model, so that a call is as large as is efficient. On the processor that is a
 * few sequences, whose intermediate values stay in its cache (docs/performance-notes.md).
 */
export const PROCESSOR_LIMITS: CallLimits = { maxTokensPerCall: 512, maxReadingsPerCall: 64 }

/**
 * Limits in the page: a call is about one forward of a review in Explore, so that the user's own request waits no
 * longer than that. They are the same whether or not the user is in Explore: a forward of other rows may round
 * otherwise, and the same run must give the same numbers.
 */
export const PAGE_LIMITS: CallLimits = { maxTokensPerCall: 128, maxReadingsPerCall: 16 }

/** Holds what a run needs to know of a model's vocabulary. */
export interface RunVocabulary {
  /** Ids of [CLS], [SEP], [PAD]: never candidates. */
  readonly framingIds: ReadonlySet<number>
  /** Ids that are not special, ascending: a random token is one of them. */
  readonly ordinaryIds: ArrayLike<number>
  /** Id of the mask token; null: the perturbation `mask` is left out. */
  readonly maskId: number | null
}

export async function readVocabulary(engine: CorpusEngine): Promise<RunVocabulary> {
  const [framing, specials, maskId, vocabulary] = await Promise.all([
    engine.framingIds(),
    engine.specialIds(),
    engine.maskId(),
    engine.vocabulary(),
  ])
  const notRandom = new Set([...framing, ...specials])
  // A word table may have more rows than the tokenizer has tokens.
  const ordinaryIds = [...vocabulary.keys()].filter((id) => vocabulary[id] !== '' && !notRandom.has(id))
  return { framingIds: new Set(framing), ordinaryIds, maskId }
}

/** Holds what is the same for all sequences of a run. */
export interface MeasureContext extends RunVocabulary {
  readonly engine: CorpusEngine
  readonly settings: RunSettings
  readonly layers: number
  readonly labels: readonly string[]
  /** Meaning of the logits. */
  readonly prediction: PredictionKind
  readonly limits: CallLimits
  readonly cache: SubstituteCache
  /** Maps that the other texts are read with, and the texts they are learned from; absent without. */
  readonly maps?: { readonly key: string; readonly sequences: ReadonlySet<number> }
  /** Awaited between calls of the engine: rejects to stop. */
  readonly checkpoint?: () => Promise<void>
}

/** Divides `count` things into as few parts of at most `most` as possible, of nearly equal size. */
function equalParts(count: number, most: number): { readonly from: number; readonly to: number }[] {
  const parts = Math.ceil(count / most)
  const start = (part: number) => Math.floor((part * count) / parts)
  return Array.from({ length: parts }, (_, part) => ({ from: start(part), to: start(part + 1) }))
}

/**
 * Groups variants into calls: of one length each, so that a call is one forward, and within the limit. The original is
 * the first sequence of the first call; that call holds nothing else if nothing fits or no variant has its length.
 *
 * @returns indices of variants
 */
function variantCalls(variants: readonly Variant[], tokens: number, maxTokens: number): number[][] {
  const perCall = (length: number) => Math.max(1, Math.floor(maxTokens / Math.max(length, 1)))
  const indices = [...variants.keys()]
  const kept = indices.filter((i) => variants[i].removed === undefined)
  const shorter = indices.filter((i) => variants[i].removed !== undefined)
  return [
    ...equalParts(kept.length + 1, perCall(tokens)).map(({ from, to }) =>
      kept.slice(Math.max(from - 1, 0), to - 1),
    ),
    ...equalParts(shorter.length, perCall(tokens - 1)).map(({ from, to }) => shorter.slice(from, to)),
  ]
}

export interface MeasuredSequence extends MeasuredVariants {
  /** Logits of the original; null without a head. */
  readonly logits: readonly number[] | null
}

/**
 * Measures the original and all variants, in as many calls as the limits require.
 *
 * @throws FailureError of the engine, or what the checkpoint rejects with
 */
export async function measureAll(
  {
    engine,
    layers,
    labels,
    limits,
    checkpoint,
  }: Pick<MeasureContext, 'engine' | 'layers' | 'labels' | 'limits' | 'checkpoint'>,
  inputIds: readonly number[],
  variants: readonly Variant[],
): Promise<MeasuredSequence> {
  const states = layers + 1
  let before: Float32Array | null = null
  const shifts = new Float32Array(NORMS.length * variants.length)
  const distances = new Float32Array(states * variants.length)
  const ownDistances = new Float32Array(states * variants.length)
  const logitsAfter = new Array<readonly number[] | null>(variants.length).fill(null)
  for (const [index, call] of variantCalls(variants, inputIds.length, limits.maxTokensPerCall).entries()) {
    await checkpoint?.()
    const found = await engine.measureVariants(
      inputIds,
      call.map((i) => variants[i]),
      { together: index === 0 && call.length > 0 },
    )
    if (index === 0) before = found.logitsBefore
    for (const [row, i] of call.entries()) {
      shifts.set(found.shifts.subarray(NORMS.length * row, NORMS.length * (row + 1)), NORMS.length * i)
      distances.set(found.distances.subarray(states * row, states * (row + 1)), states * i)
      ownDistances.set(found.ownDistances.subarray(states * row, states * (row + 1)), states * i)
      const after = found.logitsAfter?.subarray(labels.length * row, labels.length * (row + 1))
      logitsAfter[i] = after ? Array.from(after) : null
    }
  }
  return { shifts, distances, ownDistances, logitsAfter, logits: before && Array.from(before) }
}

/** Returns the ranks by layer at each of the positions. */
async function readRanks(
  { engine, layers, limits, checkpoint }: MeasureContext,
  inputIds: readonly number[],
  positions: readonly number[],
): Promise<Uint32Array[]> {
  const states = layers + 1
  const ranks: Uint32Array[] = []
  for (let from = 0; from < positions.length; from += limits.maxReadingsPerCall) {
    await checkpoint?.()
    const asked = positions.slice(from, from + limits.maxReadingsPerCall)
    const found = await engine.ranks(inputIds, asked)
    for (const i of asked.keys()) ranks.push(found.subarray(states * i, states * (i + 1)))
  }
  return ranks
}

/** Returns what the learned maps read at each of the positions; null in a text that they are learned from. */
async function readLearned(
  { engine, layers, limits, maps, checkpoint }: MeasureContext,
  { sequence, inputIds }: EncodedSequence,
  positions: readonly number[],
): Promise<LearnedReadings | null> {
  if (!maps || maps.sequences.has(sequence)) return null
  const values = positions.length * (layers + 1)
  const found = {
    l2: new Uint32Array(values),
    learned: new Uint32Array(values),
    similarity: new Float32Array(values),
  }
  for (let from = 0; from < positions.length; from += limits.maxReadingsPerCall) {
    await checkpoint?.()
    const asked = positions.slice(from, from + limits.maxReadingsPerCall)
    const part = await engine.learnedRanks(maps.key, inputIds, asked)
    const at = from * (layers + 1)
    found.l2.set(part.l2, at)
    found.learned.set(part.learned, at)
    found.similarity.set(part.similarity, at)
  }
  return found
}

/** Returns the shift of every position under its nearest substitution (eq. 1). */
async function findShifts(
  { engine, cache, checkpoint }: MeasureContext,
  sequence: number,
  inputIds: readonly number[],
  candidates: readonly number[],
): Promise<KnownSequence> {
  await checkpoint?.()
  await cache.learnNearest(candidates.map((position) => inputIds[position]))
  const substituteIds = inputIds.slice()
  const substitutable = candidates.filter((position) => {
    const { tokenId } = cache.nearestOf(inputIds[position])
    if (isNone(tokenId)) return false
    substituteIds[position] = tokenId
    return true
  })
  await checkpoint?.()
  const shifts = await engine.shifts(inputIds, substituteIds)
  return { sequence, inputIds, candidates, substitutable, shifts }
}

/**
 * Measures everything that the settings ask of one sequence, as rows of all tables (measures.md, experiments 1 to 5):
 * the shifts, which need no forward, then the original with the changed sequences, each once, then the readings.
 *
 * A sequence without a candidate, which holds only framing tokens, gives its row of `sequences` and no other.
 *
 * @throws FailureError of the engine, or what the checkpoint rejects with
 */
export async function measureSequence(
  context: MeasureContext,
  encoded: EncodedSequence,
): Promise<RecordTables> {
  const { settings, cache, layers, labels, prediction, maskId, ordinaryIds, framingIds, checkpoint } = context
  const { sequence, inputIds } = encoded
  const records = createSequenceRecords(layers, labels, encoded, prediction, settings)
  const candidates = [...inputIds.keys()].filter((position) => !framingIds.has(inputIds[position]))
  if (candidates.length === 0) {
    const original = inputIds.length > 0 ? await measureAll(context, inputIds, []) : null
    records.addSequence(original?.logits ?? null)
    return records.build()
  }

  const known = await findShifts(context, sequence, inputIds, candidates)
  for (const position of candidates) {
    const nearest = cache.nearestOf(inputIds[position])
    records.addOccurrence(position, nearest, isNone(nearest.tokenId) ? null : known.shifts)
  }

  const chosen = choosePositions(known, settings)
  if (settings.perturbations.includes('neighbor')) {
    await checkpoint?.()
    await cache.learnNeighbors(chosen.random.map((position) => inputIds[position]))
  }
  const { nearestOf, neighborOf } = cache
  const plan = planSequence(known, chosen, settings, { nearestOf, neighborOf, maskId, ordinaryIds })
  const measured = await measureAll(context, inputIds, plan.variants)
  const { logits } = measured
  records.addSequence(logits)
  for (const planned of plan.perturbations) records.addPerturbation(planned, measured, logits)
  for (const planned of plan.pairs) records.addPair(planned, measured, logits)

  const readings = chooseReadings(known, settings)
  const ranks = await readRanks(context, inputIds, readings)
  const learned = await readLearned(context, encoded, readings)
  for (const [i, position] of readings.entries()) {
    records.addReading(position, ranks[i], learned && { readings: learned, index: i })
  }
  return records.build()
}
