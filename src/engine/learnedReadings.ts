import type { LearnedReadings, LearnedStatus, LearnRequest } from '../core/corpus/corpusEngine'
import { fail } from '../core/failure'
import type { HiddenStates } from './forward/encoder'
import type { LearnedTable } from './vocabulary/learnedTable'
import {
  applyMap,
  createNormalEquations,
  type LinearMap,
  type NormalEquations,
  RIDGE,
} from './vocabulary/linearMap'

/** Bytes of normal equations that are held, at most: those of BERT-large take 0.4 GB. */
const MOST_BYTES = 2 ** 30

/** Holds what is learned for one run. */
interface Learning {
  readonly key: string
  readonly sequences: Set<number>
  /** One a layer, h_0 first; empty before the first text. */
  equations: readonly NormalEquations[]
  /** Sum of the hidden states of each layer, each divided by its l2 norm. */
  readonly unitSums: readonly Float64Array[]
  readonly maps: LinearMap[]
}

export interface LearnedReadingsOptions {
  /** L */
  readonly layers: number
  /** d */
  readonly width: number
  readonly table: () => Promise<LearnedTable>
  /** Returns the hidden states of a text. */
  readonly statesOf: (inputIds: readonly number[]) => Promise<HiddenStates>
}

/** Returns the rows of a layer at some positions, float64 [positions, d]. */
function rowsAt(state: Float32Array, positions: readonly number[], width: number): Float64Array {
  const rows = new Float64Array(positions.length * width)
  for (const [i, position] of positions.entries()) {
    rows.set(state.subarray(position * width, (position + 1) * width), i * width)
  }
  return rows
}

/** Returns arrays one after the other. */
function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const normOf = (row: Float64Array) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))

/**
 * Learns a linear map a layer from hidden states to rows of the word table, and reads tokens with it (measures.md: learned
 * identifiability). What one run learned replaces what the one before did.
 */
export function createLearnedReadings({ layers, width, table, statesOf }: LearnedReadingsOptions) {
  let learning: Learning | null = null

  function of(key: string): Learning {
    if (learning?.key === key) return learning
    learning = {
      key,
      sequences: new Set(),
      equations: [],
      unitSums: Array.from({ length: layers + 1 }, () => new Float64Array(width)),
      maps: [],
    }
    return learning
  }

  function equationsFor(tableWidth: number): NormalEquations[] {
    const bytes = 8 * (layers + 1) * width * (width + tableWidth)
    if (bytes > MOST_BYTES) {
      fail(
        'invalid-request',
        `Maps of ${layers + 1} layers of width ${width} need ${(bytes / 2 ** 30).toFixed(1)} GB of memory to be learned.`,
        { advice: 'Run without learned maps.' },
      )
    }
    return Array.from({ length: layers + 1 }, () => createNormalEquations(width, tableWidth))
  }

  return {
    learned: async (key: string): Promise<LearnedStatus> => {
      const { sequences, maps } = of(key)
      return { sequences: [...sequences], layers: maps.length }
    },

    async learnFrom({ key, sequence, inputIds, positions }: LearnRequest): Promise<void> {
      const mine = of(key)
      if (mine.sequences.has(sequence) || positions.length === 0) {
        mine.sequences.add(sequence)
        return
      }
      const states = await statesOf(inputIds)
      const targets = Float64Array.from(
        await (await table()).rows(positions.map((position) => inputIds[position])),
      )
      if (mine.equations.length === 0) mine.equations = equationsFor(targets.length / positions.length)
      for (const [layer, state] of states.entries()) {
        const rows = rowsAt(state, positions, width)
        mine.equations[layer].add(rows, targets)
        for (let i = 0; i < positions.length; i++) {
          const row = rows.subarray(i * width, (i + 1) * width)
          const norm = normOf(row)
          for (let d = 0; d < width; d++) mine.unitSums[layer][d] += row[d] / norm
        }
      }
      mine.sequences.add(sequence)
    },

    async fitLayer(key: string): Promise<void> {
      const { equations, maps } = of(key)
      const next = equations[maps.length]
      if (!next) fail('not-ready', 'Nothing was learned yet from which a map could be fitted.')
      maps.push(await next.solve(RIDGE))
    },

    async learnedRanks(
      key: string,
      inputIds: readonly number[],
      positions: readonly number[],
    ): Promise<LearnedReadings> {
      const { maps, unitSums, equations } = of(key)
      if (maps.length <= layers) {
        fail('not-ready', 'The model was opened again, and what was learned with it is gone.', {
          advice: 'Resume to learn it again.',
        })
      }
      const states = await statesOf(inputIds)
      const count = positions.length
      const [rows, mapped, targetIds]: [Float32Array[], Float32Array[], number[]] = [[], [], []]
      // [L+1, positions], so that one product with the table serves several layers.
      const similarities = states.map((state, layer) => {
        const own = rowsAt(state, positions, width)
        rows.push(Float32Array.from(own))
        mapped.push(applyMap(maps[layer], own))
        for (const position of positions) targetIds.push(inputIds[position])
        return positions.map((_, i) => {
          const row = own.subarray(i * width, (i + 1) * width)
          const dot = row.reduce((sum, value, d) => sum + value * unitSums[layer][d], 0)
          return dot / (normOf(row) * equations[layer].rows)
        })
      })
      const ranks = await (await table()).ranks(joined(rows), joined(mapped), targetIds)
      const byPosition = (values: Uint32Array) =>
        Uint32Array.from(values, (_, i) => values[(i % (layers + 1)) * count + Math.floor(i / (layers + 1))])
      return {
        l2: byPosition(ranks.l2),
        learned: byPosition(ranks.learned),
        similarity: Float32Array.from(positions.flatMap((_, i) => similarities.map((ofLayer) => ofLayer[i]))),
      }
    },
  }
}
