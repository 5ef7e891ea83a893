import { createRandom, drawn } from '../../random'
import { percentileInterval, resampledCounts } from '../../statistics/bootstrap'
import { meanOf } from '../../statistics/mean'
import { createRankCorrelations, kendall } from '../../statistics/rankCorrelations'
import { columnOf, layerColumns, rowsWhere } from '../records/recordColumns'
import {
  distanceColumn,
  ownColumn,
  pairColumn,
  type RecordTable,
  type RecordTables,
} from '../records/records'
import { PERTURBATIONS, PLACES } from '../runSettings'
import {
  EFFECTS,
  type Effect,
  type ProxiesFigure,
  type ProxyKind,
  type ProxyLayer,
  type ProxyOverlap,
  type ProxySeries,
} from './figures'

/** Rows of a kind that are correlated at most; of more, whole texts are drawn. */
const MOST_ROWS = 5000
/** Tokens whose choice is compared; half of those measured where a text has fewer than twice as many. */
const SMALLEST = 5
/** Texts without which an interval over texts means nothing. */
const FEWEST_TEXTS = 3

/** Holds the columns of some changes: one value a row. */
interface Changes {
  readonly sequence: ArrayLike<number>
  /** D_0 ... D_L over the whole sequence, and at the changed positions (empty where that is not recorded). */
  readonly whole: readonly ArrayLike<number>[]
  readonly own: readonly ArrayLike<number>[]
  readonly effects: Readonly<Record<Effect, ArrayLike<number>>>
  readonly rows: Uint32Array
}

interface Draws {
  readonly seed: number
  /** 0: no intervals, as while a run goes on. */
  readonly resamples: number
}

const finiteRows = (rows: Uint32Array, columns: readonly ArrayLike<number>[]) =>
  rows.filter((row) => columns.every((column) => Number.isFinite(column[row])))

const pick = (column: ArrayLike<number>, rows: Uint32Array) => Float64Array.from(rows, (row) => column[row])

/** Numbers the texts of rows from 0, in their order. */
function groupsOf(sequence: ArrayLike<number>, rows: Uint32Array) {
  const numbers = new Map<number, number>()
  const groups = Uint32Array.from(rows, (row) => {
    const known = numbers.get(sequence[row])
    if (known !== undefined) return known
    numbers.set(sequence[row], numbers.size)
    return numbers.size - 1
  })
  return { groups, count: numbers.size }
}

/** Returns the rows of as many whole texts as stay within the limit; all where they do. */
function bounded(sequence: ArrayLike<number>, rows: Uint32Array, seed: number): Uint32Array {
  if (rows.length <= MOST_ROWS) return rows
  const texts = [...new Set(Array.from(rows, (row) => sequence[row]))]
  const wanted = Math.max(1, Math.floor((texts.length * MOST_ROWS) / rows.length))
  const chosen = new Set(drawn(texts, wanted, createRandom(seed, 0, 'bootstrap')))
  return rows.filter((row) => chosen.has(sequence[row]))
}

/** Correlates the distances of every layer with each effect over the rows where all are known. */
function correlate(
  measure: ProxySeries['measure'],
  changes: Changes,
  effects: readonly Effect[],
  { seed, resamples }: Draws,
): ProxySeries[] {
  const layers = changes[measure]
  const targets = effects.map((effect) => changes.effects[effect])
  if (layers.length === 0 || targets.length === 0) return []
  const rows = bounded(changes.sequence, finiteRows(changes.rows, [...layers, ...targets]), seed)
  const { groups, count } = groupsOf(changes.sequence, rows)
  if (count < FEWEST_TEXTS) return []
  const xs = layers.map((column) => pick(column, rows))
  const ys = targets.map((column) => pick(column, rows))
  const correlations = createRankCorrelations(xs, ys, groups)
  const found = correlations.at(new Uint8Array(count).fill(1))
  const samples = Array.from(found, () => new Float64Array(resamples))
  let resample = 0
  for (const counts of resampledCounts(count, { seed, resamples })) {
    for (const [cell, value] of correlations.at(counts).entries()) samples[cell][resample] = value
    resample++
  }
  return effects.map((effect, y): ProxySeries => {
    const cellOf = (layer: number) => layer * ys.length + y
    // D_L tells D_L.
    const last = effect === 'last-distance' && measure === 'whole' ? layers.length - 1 : layers.length
    const gainOf = (layer: number) => samples[cellOf(layer)].map((value, i) => value - samples[cellOf(0)][i])
    return {
      measure,
      effect,
      n: rows.length,
      texts: count,
      layers: Array.from({ length: last }, (_, layer): ProxyLayer => {
        const [interval, gain] = [
          percentileInterval(samples[cellOf(layer)]),
          percentileInterval(gainOf(layer)),
        ]
        return {
          layer,
          spearman: found[cellOf(layer)],
          ...interval,
          kendall: kendall(xs[layer], ys[y]),
          gainLow: gain.low,
          gainHigh: gain.high,
        }
      }),
    }
  })
}

function kindOf(
  name: Pick<ProxyKind, 'perturbation' | 'place' | 'tokens'>,
  changes: Changes,
  draws: Draws,
): ProxyKind[] {
  const known = (effect: Effect) => finiteRows(changes.rows, [changes.effects[effect]]).length > 0
  const effects = EFFECTS.filter(known)
  const series = [
    ...correlate('whole', changes, effects, draws),
    ...correlate(
      'own',
      changes,
      effects.filter((effect) => effect !== 'divergence'),
      draws,
    ),
  ]
  return series.length > 0 ? [{ ...name, series }] : []
}

/** Returns |after - before| by row; NaN where a model has no head. */
const changeOf = (table: RecordTable, after: string) => {
  const [p, q] = [columnOf(table, 'probability_before'), columnOf(table, after)]
  return Float64Array.from(p, (before, row) => Math.abs(q[row] - before))
}

function perturbationChanges(table: RecordTable): Omit<Changes, 'rows'> {
  const whole = layerColumns(table, distanceColumn)
  return {
    sequence: columnOf(table, 'sequence'),
    whole,
    own: layerColumns(table, ownColumn),
    effects: {
      change: changeOf(table, 'probability_after'),
      divergence: columnOf(table, 'divergence'),
      'last-distance': whole.at(-1) ?? new Float64Array(table.rows),
    },
  }
}

function pairChanges(table: RecordTable): Omit<Changes, 'rows'> {
  const whole = layerColumns(table, (layer) => pairColumn('both', layer))
  return {
    sequence: columnOf(table, 'sequence'),
    whole,
    own: [],
    effects: {
      change: changeOf(table, 'probability_both'),
      divergence: columnOf(table, 'divergence_both'),
      'last-distance': whole.at(-1) ?? new Float64Array(table.rows),
    },
  }
}

/** Returns the rows with the smallest values, equal ones in their order. */
const smallest = (rows: readonly number[], column: ArrayLike<number>, k: number) =>
  rows.toSorted((a, b) => column[a] - column[b] || a - b).slice(0, k)

/** Compares, text by text, which tokens have the smallest D_l and which the smallest effect. */
function overlapOf(effect: Effect, changes: Changes, { seed, resamples }: Draws): ProxyOverlap[] {
  const target = changes.effects[effect]
  const { whole, sequence } = changes
  const byText = new Map<number, number[]>()
  for (const row of finiteRows(changes.rows, [...whole, target])) {
    const known = byText.get(sequence[row])
    if (known) known.push(row)
    else byText.set(sequence[row], [row])
  }
  const texts = [...byText.values()].filter((rows) => rows.length > 1)
  if (texts.length < FEWEST_TEXTS) return []
  const chosen = texts.map((rows) => Math.min(SMALLEST, Math.floor(rows.length / 2)))
  const targets = texts.map((rows, text) => new Set(smallest(rows, target, chosen[text])))
  const shares = whole.map((column) =>
    Float64Array.from(texts, (rows, text) => {
      const common = smallest(rows, column, chosen[text]).filter((row) => targets[text].has(row))
      return common.length / chosen[text]
    }),
  )
  const samples = whole.map(() => new Float64Array(resamples))
  let resample = 0
  for (const counts of resampledCounts(texts.length, { seed, resamples })) {
    for (const [layer, share] of shares.entries()) {
      let sum = 0
      for (let text = 0; text < texts.length; text++) sum += counts[text] * share[text]
      samples[layer][resample] = sum / texts.length
    }
    resample++
  }
  return [
    {
      effect,
      texts: texts.length,
      tokens: meanOf(texts.map((rows) => rows.length)),
      chosen: meanOf(chosen),
      chance: meanOf(texts.map((rows, text) => chosen[text] / rows.length)),
      layers: shares.map((share, layer) => ({
        layer,
        share: meanOf(share),
        ...percentileInterval(samples[layer]),
      })),
    },
  ]
}

/**
 * Computes how well the distance at each layer tells what a change does to the prediction and to the last layer: Spearman's
 * ρ and Kendall's τ-b over changes, with 95 % intervals by bootstrap over texts (not over rows, which are not independent),
 * for each perturbation; and per text, whether the tokens with the smallest distance are those with the smallest effect.
 *
 * @param draws seed, and the number of resamples
 * @returns null without such records
 */
export function proxiesFigure({ perturbations, pairs }: RecordTables, draws: Draws): ProxiesFigure | null {
  const ofPerturbations = perturbationChanges(perturbations)
  const kind = columnOf(perturbations, 'perturbation')
  const place = columnOf(perturbations, 'place')
  const changesOf = (code: number, where: number): Changes => ({
    ...ofPerturbations,
    rows: rowsWhere(perturbations, (row) => kind[row] === code && place[row] === where),
  })
  const ofPairs = pairChanges(pairs)
  const pairPlace = columnOf(pairs, 'place')
  const kinds = [
    ...PLACES.flatMap((name, where) =>
      PERTURBATIONS.flatMap((perturbation, code) =>
        kindOf({ perturbation, place: name, tokens: 1 }, changesOf(code, where), draws),
      ),
    ),
    ...PLACES.flatMap((name, where) => {
      const rows = rowsWhere(pairs, (row) => pairPlace[row] === where)
      return kindOf({ perturbation: 'nearest', place: name, tokens: 2 }, { ...ofPairs, rows }, draws)
    }),
  ]
  if (kinds.length === 0) return null
  const nearest: Changes = {
    ...ofPerturbations,
    rows: rowsWhere(perturbations, (row) => PERTURBATIONS[kind[row]] === 'nearest'),
  }
  return { kinds, overlaps: EFFECTS.flatMap((effect) => overlapOf(effect, nearest, draws)) }
}
