import { type Shift, shiftBetween } from '../../core/measures/shift'
import { substituteTokens } from '../../core/measures/substitution'
import type { ForeignGraph } from '../../onnx/foreign/foreignGraph'
import type { Runtime, Session } from '../forward/runtime'
import type { ShiftTable } from '../vocabulary/shiftTable'
import type { Candidate, TokenPlace } from '../vocabulary/wordTable'

/** Numbers of h_0 in one run. */
const FLOATS_PER_RUN = 2 ** 21

/** Runs the embedding layer of an ONNX file by itself. */
export interface Embeddings extends ShiftTable {
  /** Returns those of these tokens that the file leaves out where it counts positions. */
  uncounted(tokenIds: readonly number[]): Promise<ReadonlySet<number>>
  /** Returns the candidates of each place with how far each moves h_0. */
  withShifts(
    places: readonly TokenPlace[],
    candidates: readonly (readonly Candidate[])[],
  ): Promise<Candidate[][]>
}

/** @param session of writeEmbeddingGraph */
export function createEmbeddings(
  runtime: Runtime,
  session: Session,
  { width, vocabularySize }: ForeignGraph,
): Embeddings {
  const middle = Math.floor(vocabularySize / 2)
  /** Three tokens of which at most one can be padding. */
  const words = [0, 1, 2].map((i) => (middle + i) % vocabularySize)
  const stands = new Map<number, boolean>()

  /**
   * Returns h_0 of sequences of one length n: [b, n, d].
   *
   * @param counted the sequences whose positions they have
   */
  async function embed(
    sequences: readonly (readonly number[])[],
    counted: readonly (readonly number[])[],
  ): Promise<Float32Array> {
    const dims = [sequences.length, sequences[0].length]
    const feeds = {
      token_ids: runtime.int64(sequences.flat(), dims),
      input_ids: runtime.int64(counted.flat(), dims),
    }
    const { embeddings } = await session.run(feeds, ['embeddings'])
    return embeddings.data as Float32Array
  }

  /** Returns the tokens for which the same word has the same embedding at both places of [token, token]. */
  async function standing(tokenIds: readonly number[]): Promise<ReadonlySet<number>> {
    const open = [...new Set(tokenIds)].filter((id) => !stands.has(id))
    const step = Math.max(1, Math.floor(FLOATS_PER_RUN / (2 * width)))
    for (let first = 0; first < open.length; first += step) {
      const pairs = open.slice(first, first + step).map((id) => [id, id])
      const states = await embed(
        pairs.map(() => [middle, middle]),
        pairs,
      )
      for (const [i, [id]] of pairs.entries()) {
        const [start, next, end] = [0, 1, 2].map((row) => (2 * i + row) * width)
        const moved = shiftBetween(states.subarray(start, next), states.subarray(next, end))
        stands.set(id, moved.linf === 0)
      }
    }
    return new Set(tokenIds.filter((id) => stands.get(id)))
  }

  /** Returns the token that fills places of no interest, which is counted; null where the file counts no ids at all. */
  async function fillerOf(): Promise<number | null> {
    const still = await standing(words)
    return still.size > 1 ? null : (words.find((id) => !still.has(id)) ?? null)
  }

  /** Returns the shift of each place for each of its substitutes; every place has a position of its own. */
  async function shiftsAt(
    places: readonly TokenPlace[],
    substitutes: readonly (readonly number[])[],
  ): Promise<Shift[][]> {
    const shifts = places.map((): Shift[] => [])
    const filler = (await fillerOf()) ?? middle
    const length = Math.max(...places.map(({ position }) => position)) + 1
    const sequence = (tokenAt: (place: number) => number) => {
      const ids = new Array<number>(length).fill(filler)
      for (const [i, { position }] of places.entries()) ids[position] = tokenAt(i)
      return ids
    }
    const count = Math.max(...substitutes.map(({ length }) => length))
    const step = Math.max(1, Math.floor(FLOATS_PER_RUN / (length * width)) - 1)
    for (let first = 0; first < count; first += step) {
      const rows = Array.from({ length: Math.min(step, count - first) }, (_, i) => first + i)
      const sequences = [
        sequence((place) => places[place].tokenId),
        ...rows.map((row) => sequence((place) => substitutes[place][row] ?? filler)),
      ]
      const counted = new Array<number>(length).fill(filler)
      const states = await embed(
        sequences,
        sequences.map(() => counted),
      )
      for (const [i, { position }] of places.entries()) {
        const at = (sequence: number) => {
          const start = (sequence * length + position) * width
          return states.subarray(start, start + width)
        }
        for (const [j, row] of rows.entries()) {
          if (row < substitutes[i].length) shifts[i].push(shiftBetween(at(0), at(j + 1)))
        }
      }
    }
    return shifts
  }

  /** Returns the tokens that have no position of their own; where these come or go, all of h_0 is measured. */
  async function uncounted(tokenIds: readonly number[]): Promise<ReadonlySet<number>> {
    return (await fillerOf()) === null ? new Set() : standing(tokenIds)
  }

  return {
    uncounted,

    async withShifts(stated, candidates) {
      const places = stated.map((place) => ({ ...place, position: Math.max(place.position, 0) }))
      const result: Candidate[][] = candidates.map(() => [])
      for (const group of distinctPositions(places)) {
        const ids = group.map((place) => candidates[place].map(({ tokenId }) => tokenId))
        const shifts = await shiftsAt(
          group.map((place) => places[place]),
          ids,
        )
        for (const [i, place] of group.entries()) {
          result[place] = candidates[place].map((candidate, j) => ({ ...candidate, shift: shifts[i][j] }))
        }
      }
      return result
    },

    async shifts(inputIds, substituteIds) {
      const left = await uncounted([...inputIds, ...substituteIds])
      const states = await embed([inputIds, substituteIds], [inputIds, inputIds])
      const size = inputIds.length * width
      const shifts: Shift[] = []
      for (const [position, tokenId] of substituteIds.entries()) {
        if (left.has(tokenId) === left.has(inputIds[position])) {
          const [start, end] = [position * width, (position + 1) * width]
          shifts.push(shiftBetween(states.subarray(start, end), states.subarray(size + start, size + end)))
          continue
        }
        const changed = substituteTokens(inputIds, [{ position, tokenId }])
        const after = await embed([changed], [changed])
        shifts.push(shiftBetween(states.subarray(0, size), after))
      }
      return Float32Array.from(shifts.flatMap(({ l1, l2, linf }) => [l1, l2, linf]))
    },
  }
}

/** Returns indices of places in groups in which each position occurs once. */
function distinctPositions(places: readonly TokenPlace[]): number[][] {
  const groups: { readonly positions: Set<number>; readonly places: number[] }[] = []
  for (const [i, { position }] of places.entries()) {
    let group = groups.find(({ positions }) => !positions.has(position))
    if (!group) {
      group = { positions: new Set(), places: [] }
      groups.push(group)
    }
    group.positions.add(position)
    group.places.push(i)
  }
  return groups.map(({ places }) => places)
}
