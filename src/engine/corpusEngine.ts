import type { CorpusEngine, Variant } from '../core/corpus/corpusEngine'
import { NONE } from '../core/corpus/records/records'
import { fail } from '../core/failure'
import { type Shift, shiftBetween } from '../core/measures/shift'
import { createCarriedShares } from './carriedShares'
import type { BatchEncoding, HiddenStates, Original } from './forward/encoder'
import { createLearnedReadings } from './learnedReadings'
import type { OpenedModel } from './openedModel'
import { MAX_NEIGHBORS } from './requestChecks'
import { createNeighborFilter } from './vocabulary/neighborFilter'

/** Number of extra rows fetched, so that filtered ones seldom need a second product. */
const MARGIN = 6

/** Returns hidden states without one position, to compare with those of a sequence that lost a token. */
function withoutPosition(states: HiddenStates, position: number, width: number): Float32Array[] {
  return states.map((state) => {
    const kept = new Float32Array(state.length - width)
    kept.set(state.subarray(0, position * width))
    kept.set(state.subarray((position + 1) * width), position * width)
    return kept
  })
}

/** Returns l2 over all positions, [L+1] from [L+1, n], summed in float64. */
function overPositions(distances: Float32Array, positions: number): Float32Array {
  return Float32Array.from({ length: distances.length / positions }, (_, row) => {
    let squares = 0
    for (let i = row * positions; i < (row + 1) * positions; i++) squares += distances[i] * distances[i]
    return Math.sqrt(squares)
  })
}

/** Returns l2 over some positions, [L+1] from [L+1, n], summed in float64; NaN without any. */
function overSome(distances: Float32Array, positions: number, some: readonly number[]): Float32Array {
  return Float32Array.from({ length: distances.length / positions }, (_, row) =>
    some.length === 0
      ? Number.NaN
      : Math.sqrt(some.reduce((sum, position) => sum + distances[row * positions + position] ** 2, 0)),
  )
}

/** Returns the positions at which two sequences of one length have different tokens. */
const changedPositions = (before: readonly number[], after: readonly number[]): number[] =>
  before.flatMap((id, position) => (after[position] === id ? [] : [position]))

interface Measured {
  readonly shift: Shift
  readonly distances: Float32Array
  readonly ownDistances: Float32Array
  readonly logits: Float32Array | null
}

/** Holds hidden states to compare with, and which positions of each row of a batch had another token there. */
interface Reference {
  readonly hiddenStates: HiddenStates
  readonly changed: readonly (readonly number[])[]
}

/** Creates the measures of a corpus run over one open model. */
export function createCorpusEngine(model: OpenedModel): CorpusEngine {
  const { info, vocabulary, tokenizer, parts } = model
  const { width, layers } = info
  const states = layers + 1

  /** Original that variants were measured against last: its hidden states are read next. */
  let kept: { readonly inputIds: string; readonly original: Original } | null = null

  async function originalOf(inputIds: readonly number[]): Promise<Original> {
    return kept?.inputIds === inputIds.join() ? kept.original : model.encodeOriginal(inputIds)
  }

  /** Measures variants of one length against their reference, in one forward. */
  async function measureBatch(
    batch: readonly (readonly number[])[],
    reference: Reference,
  ): Promise<Measured[]> {
    if (batch.length === 0) return []
    return measuresOf(await parts.encoder.encodeBatch(batch, reference.hiddenStates), reference)
  }

  function measuresOf(
    { embeddings, distances, logits }: BatchEncoding,
    { hiddenStates, changed }: Reference,
  ): Measured[] {
    const n = hiddenStates[0].length / width
    const labels = logits ? logits.length / changed.length : 0
    return changed.map((positions, i) => {
      const ofRow = distances.subarray(i * states * n, (i + 1) * states * n)
      return {
        shift: shiftBetween(hiddenStates[0], embeddings.subarray(i * n * width, (i + 1) * n * width)),
        distances: overPositions(ofRow, n),
        ownDistances: overSome(ofRow, n, positions),
        logits: logits?.subarray(i * labels, (i + 1) * labels) ?? null,
      }
    })
  }

  async function measureTogether(inputIds: readonly number[], batch: readonly (readonly number[])[]) {
    const { original, changed: encoded } = await parts.encoder.encodeTogether(inputIds, batch)
    const changed = batch.map((ids) => changedPositions(inputIds, ids))
    return { original, found: measuresOf(encoded, { hiddenStates: original.hiddenStates, changed }) }
  }

  async function measureApart(inputIds: readonly number[], batch: readonly (readonly number[])[]) {
    const original = await originalOf(inputIds)
    const changed = batch.map((ids) => changedPositions(inputIds, ids))
    return { original, found: await measureBatch(batch, { hiddenStates: original.hiddenStates, changed }) }
  }

  const learnedReadings = createLearnedReadings({
    layers,
    width,
    table: () => parts.learnedTable(),
    statesOf: async (inputIds) => (await originalOf(inputIds)).hiddenStates,
  })

  return {
    ...learnedReadings,
    carriedShares: createCarriedShares(model),
    info: async () => info,
    vocabulary: async () => vocabulary,
    specialIds: async () => [...tokenizer.specialIds],
    framingIds: async () => [...tokenizer.framingIds],
    maskId: async () => tokenizer.maskId,

    tokenize: async (text) => tokenizer.tokenize(text),

    async encodeTexts(texts, { ids: wanted }) {
      const counts = new Map<number, number>()
      const inputIds: Uint32Array[] = []
      const truncated: boolean[] = []
      for (const text of texts) {
        const content = tokenizer.contentIds(text)
        for (const id of content) {
          if (!tokenizer.framingIds.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1)
        }
        const framed = tokenizer.framed(content)
        truncated.push(framed.truncated)
        if (wanted) inputIds.push(Uint32Array.from(framed.inputIds))
      }
      const tokenIds = Uint32Array.from(counts.keys()).sort()
      return { inputIds, truncated, tokenIds, counts: tokenIds.map((id) => counts.get(id) ?? 0) }
    },

    async substitutes({ tokenIds, k, filters }) {
      if (!Number.isInteger(k) || k < 1 || k > MAX_NEIGHBORS) {
        fail('invalid-request', `k is ${k}; it must be 1 to ${MAX_NEIGHBORS}.`)
      }
      const allowed = createNeighborFilter(filters, vocabulary, tokenizer.specialIds)
      const ids = new Uint32Array(tokenIds.length * k).fill(NONE)
      const cosines = new Float32Array(tokenIds.length * k).fill(Number.NaN)
      let open = [...tokenIds.keys()]
      for (let fetched = k + MARGIN; open.length > 0; fetched *= 4) {
        const whole = fetched >= info.vocabularySize
        const places = open.map((i) => ({ tokenId: tokenIds[i], position: 0 }))
        const rows = await parts.wordTable.candidates(places, fetched, [])
        open = open.filter((i, place) => {
          const nearest = rows[place].filter(({ tokenId }) => allowed(tokenIds[i], tokenId)).slice(0, k)
          if (nearest.length < k && !whole) return true
          for (const [rank, { tokenId, cosine }] of nearest.entries()) {
            ids[i * k + rank] = tokenId
            cosines[i * k + rank] = cosine
          }
          return false
        })
      }
      return { ids, cosines }
    },

    async shifts(inputIds, substituteIds) {
      return (await parts.shiftTable()).shifts(inputIds, substituteIds)
    },

    async measureVariants(inputIds, variants, { together = false } = {}) {
      const measured = new Array<Measured>(variants.length)
      const sameLength = variants.flatMap((variant, i) => (variant.removed === undefined ? [i] : []))
      const batch = sameLength.map((i) => (variants[i] as Extract<Variant, { inputIds: unknown }>).inputIds)
      const { original, found } =
        together && batch.length > 0
          ? await measureTogether(inputIds, batch)
          : await measureApart(inputIds, batch)
      kept = { inputIds: inputIds.join(), original }
      for (const [at, i] of sameLength.entries()) measured[i] = found[at]
      for (const [i, { removed }] of variants.entries()) {
        if (removed === undefined) continue
        const shorter = inputIds.filter((_, position) => position !== removed)
        const hiddenStates = withoutPosition(original.hiddenStates, removed, width)
        const [only] = await measureBatch([shorter], { hiddenStates, changed: [[]] })
        measured[i] = only
      }
      const join = (parts: readonly ArrayLike<number>[]) =>
        Float32Array.from(parts.flatMap((part) => Array.from(part)))
      return {
        shifts: join(measured.map(({ shift: { l1, l2, linf } }) => [l1, l2, linf])),
        distances: join(measured.map(({ distances }) => distances)),
        ownDistances: join(measured.map(({ ownDistances }) => ownDistances)),
        logitsBefore: original.logits && Float32Array.from(original.logits),
        logitsAfter: original.logits && join(measured.map(({ logits }) => logits ?? [])),
      }
    },

    async ranks(inputIds, positions) {
      const { hiddenStates } = await originalOf(inputIds)
      const rows = new Float32Array(positions.length * states * width)
      for (const [i, position] of positions.entries()) {
        for (const [layer, state] of hiddenStates.entries()) {
          rows.set(state.subarray(position * width, (position + 1) * width), (i * states + layer) * width)
        }
      }
      const targetIds = positions.flatMap((position) => new Array<number>(states).fill(inputIds[position]))
      return (await parts.rankTable()).ranks(rows, targetIds)
    },
  }
}
