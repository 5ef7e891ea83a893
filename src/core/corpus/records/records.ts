import { CARRIERS, type Carrier } from '../../measures/patchSweep'
import type { ColumnSettings } from '../runSettings'

/** Maps column types to typed arrays. */
export interface ColumnArrays {
  readonly uint8: Uint8Array
  readonly uint16: Uint16Array
  readonly uint32: Uint32Array
  readonly float32: Float32Array
}

export type ColumnType = keyof ColumnArrays
export type ColumnValues = ColumnArrays[ColumnType]

export interface ColumnSchema {
  readonly name: string
  readonly type: ColumnType
  /** Unit to display: `tokens`, `l2 norm`, `nats`; `1` if there is none. */
  readonly unit: string
  readonly description: string
}

/**
 * Names the tables of a run, one per kind of row: `sequences` has one row per sampled text; `occurrences` one per
 * candidate token of it, with its nearest substitute; `perturbations` one per forward of a changed sequence; `pairs`
 * one per pair of positions; `readings` one per position whose hidden states were compared with the word table.
 */
export const TABLES = ['sequences', 'occurrences', 'perturbations', 'pairs', 'readings'] as const
export type TableName = (typeof TABLES)[number]

/** Holds columns of one length. */
export interface RecordTable {
  readonly rows: number
  readonly columns: Readonly<Record<string, ColumnValues>>
}

export type RecordTables = Readonly<Record<TableName, RecordTable>>

/** Marks an empty cell in `uint32` columns. */
export const NONE = 0xffffffff

export const distanceColumn = (layer: number) => `distance_${layer}`
export const ownColumn = (layer: number) => `own_${layer}`
export const causalColumn = (part: Carrier, layer: number) => `causal_${part}_${layer}`
export const rankColumn = (layer: number) => `rank_${layer}`
export const l2RankColumn = (layer: number) => `l2_rank_${layer}`
export const learnedRankColumn = (layer: number) => `learned_rank_${layer}`
export const similarityColumn = (layer: number) => `similarity_${layer}`

/** Names the changes that are made of a pair of positions: the first alone, the second alone, both at once. */
export const PAIR_PARTS = ['first', 'second', 'both'] as const
export type PairPart = (typeof PAIR_PARTS)[number]
export const pairColumn = (part: PairPart, layer: number) => `${part}_${layer}`

const column = (name: string, type: ColumnType, unit: string, description: string): ColumnSchema => ({
  name,
  type,
  unit,
  description,
})

const SEQUENCE = column(
  'sequence',
  'uint32',
  '1',
  'index of the text in the sample, from 0, in the order of drawing',
)
const TOKEN = column('token_id', 'uint32', '1', 'the token that stood there')
const SHIFTS = [
  column('shift_l1', 'float32', 'l1 norm', 'norm of h_0(x) - h_0(x`), over all entries'),
  column('shift_l2', 'float32', 'l2 norm', 'norm of h_0(x) - h_0(x`), over all entries'),
  column('shift_linf', 'float32', 'linf norm', 'norm of h_0(x) - h_0(x`), over all entries'),
]

/** Returns the columns of a layer that a run with learned maps has. */
const learnedColumns = (layer: number): ColumnSchema[] => [
  column(
    l2RankColumn(layer),
    'uint32',
    '1',
    `rank of the token among all by l2 distance from h_${layer}; ${NONE} in texts that maps are learned from`,
  ),
  column(
    learnedRankColumn(layer),
    'uint32',
    '1',
    `rank of the token among all by cosine with the mapped h_${layer}; ${NONE} in texts that maps are learned from`,
  ),
  column(
    similarityColumn(layer),
    'float32',
    '1',
    `mean cosine of h_${layer} with those that maps are learned from; NaN in these texts`,
  ),
]

const CARRIER_WORDS: Readonly<Record<Carrier, string>> = {
  own: 'at the positions whose token was changed',
  others: 'at all other positions',
  read: 'at the position that the head reads',
  whole: 'at all positions, which is 1 but for rounding',
}

/** Returns the columns of shares of an effect. */
const causalColumns = (states: readonly number[], reading: 'restored' | 'transferred'): ColumnSchema[] => [
  column(
    'effect',
    'float32',
    '1',
    'v(x`) - v(x) of the outcome v; NaN where states have no counterpart (delete)',
  ),
  ...CARRIERS.flatMap((part) =>
    states.map((layer) =>
      column(
        causalColumn(part, layer),
        'float32',
        '1',
        `share of the effect that h_${layer} ${CARRIER_WORDS[part]} ${reading === 'restored' ? 'undoes, taken from x' : 'makes, taken from x`'}; NaN where the effect is within rounding`,
      ),
    ),
  ),
]

/** Marks label columns of a model without a head. */
export const NO_LABEL = 255

/**
 * Returns the columns of every table for a model of L layers: one schema for browser, terminal and files.
 *
 * @param settings of the run; absent: of one without learned maps and shares of effects
 */
export function tableSchemas(
  layers: number,
  settings?: ColumnSettings,
): Readonly<Record<TableName, readonly ColumnSchema[]>> {
  const states = Array.from({ length: layers + 1 }, (_, layer) => layer)
  return {
    sequences: [
      SEQUENCE,
      column('row', 'uint32', '1', 'row of the corpus, from 0, malformed ones not counted'),
      column('tokens', 'uint16', 'tokens', 'length as the model read it, special tokens included'),
      column('truncated', 'uint8', '0 or 1', 'whether the text went on beyond what the model reads'),
      column('label', 'uint8', '1', 'index of the predicted label; 255 where the model has no head'),
      column(
        'probability',
        'float32',
        '1',
        'its probability, or its score where the model gives scores; NaN without a head',
      ),
    ],
    occurrences: [
      SEQUENCE,
      column('position', 'uint16', 'tokens', 'from 0, special tokens counted'),
      TOKEN,
      column(
        'substitute_id',
        'uint32',
        '1',
        'its nearest neighbour by cosine (eq. 1) among those the filters allow',
      ),
      column('cosine', 'float32', '1', 'cosine of the two in the word table'),
      ...SHIFTS,
    ],
    perturbations: [
      SEQUENCE,
      column('perturbation', 'uint8', 'code', 'nearest, neighbor, random, mask, delete, swap'),
      column('place', 'uint8', 'code', 'least-impactful, random'),
      column('rank', 'uint8', '1', '1 is the smallest shift of the sequence; 0 at random positions'),
      column('position', 'uint16', 'tokens', 'from 0, special tokens counted'),
      TOKEN,
      column('substitute_id', 'uint32', '1', `what took its place; ${NONE} where nothing did (delete)`),
      ...SHIFTS,
      ...states.map((layer) =>
        column(
          distanceColumn(layer),
          'float32',
          'l2 norm',
          `D_${layer}: over the whole sequence (positions that remain)`,
        ),
      ),
      ...states.map((layer) =>
        column(
          ownColumn(layer),
          'float32',
          'l2 norm',
          `D_${layer} at the positions whose token was changed alone; NaN where none was (delete)`,
        ),
      ),
      column('label_before', 'uint8', '1', '255 where the model has no head'),
      column('label_after', 'uint8', '1', '255 where the model has no head'),
      column(
        'probability_before',
        'float32',
        '1',
        'of the label before: its probability, or its score where the model gives scores; NaN without a head',
      ),
      column('probability_after', 'float32', '1', 'of that same label; NaN without a head'),
      column('divergence', 'float32', 'nats', 'KL(before || after); NaN without a head and for scores'),
      ...(settings && settings.causal !== 'none' ? causalColumns(states, settings.causal) : []),
    ],
    pairs: [
      SEQUENCE,
      column('first_position', 'uint16', 'tokens', 'from 0, special tokens counted'),
      column('second_position', 'uint16', 'tokens', 'from 0, special tokens counted'),
      column('first_token_id', 'uint32', '1', 'the token that stood at the first position'),
      column('second_token_id', 'uint32', '1', 'the token that stood at the second position'),
      column('place', 'uint8', 'code', 'least-impactful, random'),
      ...PAIR_PARTS.flatMap((part) =>
        states.map((layer) =>
          column(
            pairColumn(part, layer),
            'float32',
            'l2 norm',
            `D_${layer} with ${part} substituted by its nearest`,
          ),
        ),
      ),
      column('label_before', 'uint8', '1', '255 where the model has no head'),
      column(
        'probability_before',
        'float32',
        '1',
        'of the label before: its probability, or its score where the model gives scores; NaN without a head',
      ),
      ...PAIR_PARTS.flatMap((part) => [
        column(`label_${part}`, 'uint8', '1', `with ${part} substituted; 255 where the model has no head`),
        column(
          `probability_${part}`,
          'float32',
          '1',
          `of the label before, with ${part} substituted; NaN without a head`,
        ),
        column(
          `divergence_${part}`,
          'float32',
          'nats',
          `KL(before || ${part}); NaN without a head and for scores`,
        ),
      ]),
    ],
    readings: [
      SEQUENCE,
      column('position', 'uint16', 'tokens', 'from 0, special tokens counted'),
      TOKEN,
      ...states.map((layer) =>
        column(
          rankColumn(layer),
          'uint32',
          '1',
          `rank of the token among all by cosine with h_${layer}; 1: identified`,
        ),
      ),
      ...(settings?.learnedTexts ? states.flatMap(learnedColumns) : []),
    ],
  }
}
