import { percentileInterval, resampledCounts } from '../../statistics/bootstrap'
import { meanOf } from '../../statistics/mean'
import { median } from '../../statistics/median'
import { columnOf, shiftColumn } from '../records/recordColumns'
import { NONE, type RecordTable, type RecordTables } from '../records/records'
import type { RunHeader, TokenCounts } from '../run'
import { LOSS_SHARES, PLACES, type RunSettings } from '../runSettings'
import { substitutionOrder } from '../substitutionOrder'
import { createCommonness } from './commonness'
import {
  type Estimate,
  type LossFigure,
  type LossPoint,
  type LossSlice,
  type LossSliceKind,
  TASK_SCORES,
  type TaskScore,
} from './figures'
import { areaBetween, createAuc, f1Of } from './taskScores'

/** Texts without which an interval over texts means nothing. */
const FEWEST_TEXTS = 3

interface Draws {
  readonly seed: number
  /** 0: no intervals, as while a run goes on. */
  readonly resamples: number
}

const SHARES: readonly number[] = LOSS_SHARES

/** Number of a place and share, in the order of `PLACES` and `LOSS_SHARES`. */
const cellOf = (place: number, share: number) => place * LOSS_SHARES.length + share
const CELLS = PLACES.length * LOSS_SHARES.length
const [LEAST, MOST] = [PLACES.indexOf('least-impactful'), PLACES.indexOf('most-impactful')]

/** Holds the answers to one changed text each, by text. */
interface Answers {
  readonly label: Uint8Array
  /** Log-odds of the label with id 1; of no meaning unless there are two labels. */
  readonly score: Float64Array
}

interface Cell extends Answers {
  readonly substituted: Uint16Array
  readonly divergence: Float64Array
}

/** Holds the labelled texts of a run, numbered in their order, whose rows are all there. */
interface Texts {
  readonly sequences: readonly number[]
  readonly target: Uint8Array
  readonly before: Answers
  readonly cells: readonly Cell[]
}

function textsOf(losses: RecordTable): Texts {
  const columns = Object.fromEntries(
    ['sequence', 'place', 'share', 'target', 'substituted', 'label_before', 'label_after', 'divergence'].map(
      (name) => [name, columnOf(losses, name)],
    ),
  )
  const [marginBefore, marginAfter] = ['margin_before', 'margin_after'].map((name) => columnOf(losses, name))
  const rowsOf = new Map<number, Int32Array>()
  for (let row = 0; row < losses.rows; row++) {
    const share = SHARES.indexOf(columns.share[row])
    if (share < 0) continue
    const sequence = columns.sequence[row]
    const known = rowsOf.get(sequence) ?? new Int32Array(CELLS).fill(-1)
    known[cellOf(columns.place[row], share)] = row
    rowsOf.set(sequence, known)
  }
  const whole = [...rowsOf].filter(([, rows]) => !rows.includes(-1)).sort(([a], [b]) => a - b)
  const rowsAt = (cell: number) => whole.map(([, rows]) => rows[cell])
  const scoreOf = (margin: ArrayLike<number>, row: number) =>
    columns.target[row] === 1 ? margin[row] : -margin[row]
  return {
    sequences: whole.map(([sequence]) => sequence),
    target: Uint8Array.from(rowsAt(0), (row) => columns.target[row]),
    before: {
      label: Uint8Array.from(rowsAt(0), (row) => columns.label_before[row]),
      score: Float64Array.from(rowsAt(0), (row) => scoreOf(marginBefore, row)),
    },
    cells: Array.from({ length: CELLS }, (_, cell) => ({
      label: Uint8Array.from(rowsAt(cell), (row) => columns.label_after[row]),
      score: Float64Array.from(rowsAt(cell), (row) => scoreOf(marginAfter, row)),
      substituted: Uint16Array.from(rowsAt(cell), (row) => columns.substituted[row]),
      divergence: Float64Array.from(rowsAt(cell), (row) => columns.divergence[row]),
    })),
  }
}

/** Returns each text's tokens with a substitute, as positions with their shifts and ids, by text. */
function substitutablesOf(occurrences: RecordTable, sequences: readonly number[], norm: RunSettings['norm']) {
  const [sequence, position, tokenId, substituteId, shift] = [
    'sequence',
    'position',
    'token_id',
    'substitute_id',
    shiftColumn(norm),
  ].map((name) => columnOf(occurrences, name))
  const bySequence = new Map(
    sequences.map((one) => [one, { positions: [] as number[], rows: new Map<number, number>() }]),
  )
  for (let row = 0; row < occurrences.rows; row++) {
    const known = substituteId[row] === NONE ? undefined : bySequence.get(sequence[row])
    known?.positions.push(position[row])
    known?.rows.set(position[row], row)
  }
  return sequences.map((one) => {
    const { positions = [], rows } = bySequence.get(one) ?? {}
    const rowAt = (at: number) => rows?.get(at) ?? NONE
    return {
      sequence: one,
      positions,
      shiftAt: (at: number) => shift[rowAt(at)],
      tokenAt: (at: number) => tokenId[rowAt(at)],
    }
  })
}

/** Returns, by cell, the mean commonness of the tokens that were substituted in each text; NaN where there is none. */
function commonnessOf(
  { sequences, cells }: Texts,
  occurrences: RecordTable,
  counts: TokenCounts,
  { norm, seed }: Pick<RunSettings, 'norm' | 'seed'>,
): Float64Array[] {
  const commonness = createCommonness(counts)
  const texts = substitutablesOf(occurrences, sequences, norm)
  const found = cells.map(() => new Float64Array(sequences.length))
  for (const [place, name] of PLACES.entries()) {
    for (const [text, of] of texts.entries()) {
      const values = substitutionOrder(name, of, seed).map((at) => commonness(of.tokenAt(at)))
      for (const share of LOSS_SHARES.keys()) {
        const cell = cellOf(place, share)
        found[cell][text] = meanOf(values.slice(0, cells[cell].substituted[text]))
      }
    }
  }
  return found
}

const medianOf = (values: ArrayLike<number>) => median(Array.from(values).filter(Number.isFinite))

/** Sets texts apart: by cell, the part of each text; -1 for none. */
interface Partition {
  readonly by: LossSliceKind
  readonly parts: number
  readonly limit: number
  readonly partOf: readonly Int16Array[]
}

const halves = (values: ArrayLike<number>, limit: number) =>
  Int16Array.from(values, (value) => (Number.isFinite(value) ? Number(value > limit) : -1))

function partitionsOf(
  texts: Texts,
  lengths: ArrayLike<number>,
  commonness: readonly Float64Array[],
): Partition[] {
  const limit = medianOf(lengths)
  const byLength = halves(lengths, limit)
  const byLabel = Int16Array.from(texts.target)
  const everywhere = (part: Int16Array) => texts.cells.map(() => part)
  return [
    { by: 'length', parts: 2, limit, partOf: everywhere(byLength) },
    { by: 'label', parts: Math.max(-1, ...texts.target) + 1, limit: Number.NaN, partOf: everywhere(byLabel) },
    {
      by: 'commonness',
      parts: 2,
      limit: Number.NaN,
      partOf: commonness.map((values) => halves(values, medianOf(values))),
    },
  ]
}

/** Holds the correct answers in each part of a partition, weighted: before and after, by part and cell. */
function partScores(
  { target, before, cells }: Texts,
  { parts, partOf }: Partition,
  weights: ArrayLike<number>,
) {
  const amounts = Array.from({ length: parts }, () => cells.map(() => ({ n: 0, before: 0, after: 0 })))
  for (const [cell, { label }] of cells.entries()) {
    const own = partOf[cell]
    for (let text = 0; text < target.length; text++) {
      const part = own[text]
      if (part < 0) continue
      const weight = weights[text]
      const of = amounts[part][cell]
      of.n += weight
      if (before.label[text] === target[text]) of.before += weight
      if (label[text] === target[text]) of.after += weight
    }
  }
  return amounts
}

type Amounts = readonly { readonly n: number; readonly before: number; readonly after: number }[]

/** Returns the area between the curves of change, of the least less the most impactful. */
const areaOf = (amounts: Amounts) => {
  const change = (place: number, share: number) => {
    const { n, before, after } = amounts[cellOf(place, share)]
    return (after - before) / n
  }
  return areaBetween(
    LOSS_SHARES,
    LOSS_SHARES.map((_, share) => change(LEAST, share)),
    LOSS_SHARES.map((_, share) => change(MOST, share)),
  )
}

/** Collects the values of one statistic over resamples. */
const estimate = (value: number, samples: ArrayLike<number>): Estimate => ({
  value,
  ...percentileInterval(samples),
})

/** Computes every score of the texts under weights: those of a resample, or ones. */
function createScores({ target, before, cells }: Texts, binary: boolean) {
  const answers: readonly Answers[] = [before, ...cells]
  const aucs = binary ? answers.map(({ score }) => createAuc(target, score)) : []
  return (weights: ArrayLike<number>) =>
    answers.map(({ label }, i) => {
      let [right, all, flipped, divergence] = [0, 0, 0, 0]
      const of = i === 0 ? null : cells[i - 1]
      for (let text = 0; text < target.length; text++) {
        const weight = weights[text]
        all += weight
        if (label[text] === target[text]) right += weight
        if (label[text] !== before.label[text]) flipped += weight
        if (of) divergence += weight * of.divergence[text]
      }
      return {
        accuracy: right / all,
        f1: binary ? f1Of(target, label, weights) : Number.NaN,
        auc: binary ? aucs[i](weights) : Number.NaN,
        flips: flipped / all,
        divergence: divergence / all,
      }
    })
}

type Scores = ReturnType<ReturnType<typeof createScores>>

/**
 * Computes what a task loses as shares of each text's tokens are substituted at once by their nearest, the least impactful
 * first, random ones, or the most impactful first (experiment 7): accuracy, and of two labels F1 and AUC; flips and KL;
 * with 95 % intervals by bootstrap over texts. The area between the curves of the least and the most impactful is a
 * number of its own; and the accuracy in parts of the texts.
 *
 * @returns null without labels
 */
export function lossFigure(
  { sequences, occurrences, losses }: RecordTables,
  counts: TokenCounts,
  { settings, labels }: Pick<RunHeader, 'settings' | 'labels'>,
  { seed, resamples }: Draws,
): LossFigure | null {
  if (losses.rows === 0) return null
  const texts = textsOf(losses)
  const n = texts.sequences.length
  if (n === 0) return null
  const tokens = columnOf(sequences, 'tokens')
  const lengthOf = new Map(Array.from(columnOf(sequences, 'sequence'), (one, row) => [one, tokens[row]]))
  const lengths = texts.sequences.map((one) => lengthOf.get(one) ?? Number.NaN)
  const partitions = partitionsOf(texts, lengths, commonnessOf(texts, occurrences, counts, settings))
  const scores = createScores(texts, labels.length === 2)
  const areaOfScores = (found: Scores) => {
    const at = (place: number) => LOSS_SHARES.map((_, share) => found[1 + cellOf(place, share)].accuracy)
    return areaBetween(LOSS_SHARES, at(LEAST), at(MOST))
  }

  const ones = new Uint8Array(n).fill(1)
  const found = scores(ones)
  const parts = partitions.map((partition) => partScores(texts, partition, ones))
  const samples: Scores[] = []
  const partAreas = parts.map((of) => of.map(() => [] as number[]))
  for (const weights of resampledCounts(n < FEWEST_TEXTS ? 0 : n, { seed, resamples })) {
    samples.push(scores(weights))
    for (const [i, partition] of partitions.entries()) {
      for (const [part, amounts] of partScores(texts, partition, weights).entries()) {
        partAreas[i][part].push(areaOf(amounts))
      }
    }
  }
  const estimateOf = (answer: number, name: keyof Scores[number]) =>
    estimate(
      found[answer][name],
      samples.map((one) => one[answer][name]),
    )
  const taskScores = (answer: number) =>
    Object.fromEntries(TASK_SCORES.map((name) => [name, estimateOf(answer, name)])) as Record<
      TaskScore,
      Estimate
    >
  const targets = labels.map((_, label) => texts.target.filter((one) => one === label).length)
  return {
    texts: n,
    labels,
    targets,
    before: taskScores(0),
    curves: PLACES.map((place, i) => ({
      place,
      points: LOSS_SHARES.map((share, j): LossPoint => {
        const answer = 1 + cellOf(i, j)
        return {
          share,
          substituted: meanOf(Array.from(texts.cells[answer - 1].substituted)),
          ...taskScores(answer),
          flips: estimateOf(answer, 'flips'),
          divergence: estimateOf(answer, 'divergence'),
        }
      }),
    })),
    area: estimate(areaOfScores(found), samples.map(areaOfScores)),
    slices: partitions.flatMap(({ by, limit }, i) =>
      parts[i].flatMap((amounts, part): LossSlice[] =>
        amounts.every((of) => of.n === 0)
          ? []
          : [
              {
                by,
                part,
                limit,
                area: estimate(areaOf(amounts), partAreas[i][part]),
                points: PLACES.flatMap((place, at) =>
                  LOSS_SHARES.map((share, j) => {
                    const of = amounts[cellOf(at, j)]
                    return { place, share, n: of.n, before: of.before / of.n, accuracy: of.after / of.n }
                  }),
                ),
              },
            ],
      ),
    ),
  }
}
