import type { Shift } from '../../core/measures/shift'
import type { ModelConfig } from '../../weights/modelConfig'
import type { Feeds, Runtime, Session } from '../forward/runtime'

/** Rows of one product with the table, so that the scores, [V, rows] floats, do not grow with the text. */
const ROWS_PER_PRODUCT = 64

export interface Candidate {
  readonly tokenId: number
  readonly cosine: number
  readonly shift: Shift
  readonly rawShift: Shift
}

export interface TokenPlace {
  readonly tokenId: number
  /** Position as the model counts it: -1 at a token that is not counted. */
  readonly position: number
}

export interface ClosestRow {
  readonly tokenId: number
  readonly cosine: number
}

/** Holds the word table of one model and computes products with it. */
export interface WordTable {
  /**
   * Returns for each place the k rows of the table closest by cosine (eq. 1), the token's own among them, best first;
   * then `also`, in its order. Exact: every row is compared.
   */
  candidates(places: readonly TokenPlace[], k: number, also: readonly number[]): Promise<Candidate[][]>
  /** Returns for each hidden state the k closest rows, best first. @param states [m, d] row-major */
  closest(states: Float32Array, k: number): Promise<ClosestRow[][]>
}

/** Returns one row of [rows, 3] l1, l2, linf. */
export const shiftAt = (values: Float32Array, row: number): Shift => ({
  l1: values[3 * row],
  l2: values[3 * row + 1],
  linf: values[3 * row + 2],
})

/** Returns feeds for the inputs that a run does not use. */
function idleFeedsOf(runtime: Runtime, { width }: ModelConfig): Feeds {
  return {
    token_ids: runtime.int64([], [0]),
    position_ids: runtime.int64([], [0]),
    candidate_ids: runtime.int64([], [0, 0]),
    states: runtime.float(new Float32Array(0), [0, width]),
    k: runtime.int64([1], [1]),
  }
}

export function createWordTable(runtime: Runtime, session: Session, config: ModelConfig): WordTable {
  const idleFeeds = idleFeedsOf(runtime, config)
  const { width, vocabularySize } = config

  async function candidatesOf(places: readonly TokenPlace[], k: number, also: readonly number[]) {
    const results = await session.run(
      {
        ...idleFeeds,
        token_ids: runtime.int64(
          places.map(({ tokenId }) => tokenId),
          [places.length],
        ),
        position_ids: runtime.int64(
          places.map(({ position }) => position),
          [places.length],
        ),
        candidate_ids: runtime.int64(
          places.flatMap(() => also),
          [places.length, also.length],
        ),
        k: runtime.int64([k], [1]),
      },
      ['candidates', 'cosines', 'shifts', 'raw_shifts'],
    )
    const ids = results.candidates.data as BigInt64Array
    const cosines = results.cosines.data as Float32Array
    const shifts = results.shifts.data as Float32Array
    const rawShifts = results.raw_shifts.data as Float32Array
    const perPlace = k + also.length
    return places.map((_, place) =>
      Array.from({ length: perPlace }, (_, i): Candidate => {
        const row = place * perPlace + i
        return {
          tokenId: Number(ids[row]),
          cosine: cosines[row],
          shift: shiftAt(shifts, row),
          rawShift: shiftAt(rawShifts, row),
        }
      }),
    )
  }

  async function closestOf(states: Float32Array, k: number) {
    const rows = states.length / width
    const results = await session.run(
      {
        ...idleFeeds,
        states: runtime.float(states, [rows, width]),
        k: runtime.int64([k], [1]),
      },
      ['closest_ids', 'closest_cosines'],
    )
    const ids = results.closest_ids.data as BigInt64Array
    const cosines = results.closest_cosines.data as Float32Array
    return Array.from({ length: rows }, (_, row) =>
      Array.from(
        { length: k },
        (_, i): ClosestRow => ({
          tokenId: Number(ids[row * k + i]),
          cosine: cosines[row * k + i],
        }),
      ),
    )
  }

  return {
    async candidates(places, k, also) {
      const rows: Candidate[][] = []
      for (let start = 0; start < places.length; start += ROWS_PER_PRODUCT) {
        const part = places.slice(start, start + ROWS_PER_PRODUCT)
        rows.push(...(await candidatesOf(part, Math.min(k, vocabularySize), also)))
      }
      return rows
    },
    async closest(states, k) {
      const rows: ClosestRow[][] = []
      const step = ROWS_PER_PRODUCT * width
      for (let start = 0; start < states.length; start += step) {
        rows.push(...(await closestOf(states.subarray(start, start + step), Math.min(k, vocabularySize))))
      }
      return rows
    },
  }
}
