import { type Shift, shiftBetween } from '../../core/shift'
import type { ForeignGraph } from '../../onnx/foreign/foreignGraph'
import type { Runtime, Session } from '../runtime'
import type { ShiftTable } from '../shiftTable'
import type { Candidate, TokenPlace } from '../wordTable'

/** Numbers of h_0 in one run. */
const FLOATS_PER_RUN = 2 ** 21

/** Runs the embedding layer of an ONNX file by itself. */
export interface Embeddings extends ShiftTable {
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
  // In the middle of a vocabulary stand words; padding, which some families leave out when they count, does not.
  const filler = Math.floor(vocabularySize / 2)

  /** Returns h_0 of sequences of one length n: [b, n, d]. */
  async function embed(sequences: readonly (readonly number[])[]): Promise<Float32Array> {
    const dims = [sequences.length, sequences[0].length]
    const ids = sequences.flat()
    const feeds = {
      token_ids: runtime.int64(ids, dims),
      input_ids: runtime.int64(new Array(ids.length).fill(filler), dims),
    }
    const { embeddings } = await session.run(feeds, ['embeddings'])
    return embeddings.data as Float32Array
  }

  /** Returns the shift of each place for each of its substitutes; every place has a position of its own. */
  async function shiftsAt(
    places: readonly TokenPlace[],
    substitutes: readonly (readonly number[])[],
  ): Promise<Shift[][]> {
    const shifts = places.map((): Shift[] => [])
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
      const states = await embed([
        sequence((place) => places[place].tokenId),
        ...rows.map((row) => sequence((place) => substitutes[place][row] ?? filler)),
      ])
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

  return {
    async withShifts(places, candidates) {
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
      const places = inputIds.map((tokenId, position) => ({ tokenId, position }))
      const shifts = await shiftsAt(
        places,
        substituteIds.map((id) => [id]),
      )
      return Float32Array.from(shifts.flatMap(([{ l1, l2, linf }]) => [l1, l2, linf]))
    },
  }
}

/** Indices of places in groups in which each position stands once. */
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
