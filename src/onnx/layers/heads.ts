import type { CommonConfig } from '../../weights/modelConfig'
import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'
import { fromRows, gemm, toRows } from './linear'
import { positionsOf } from './positions'

/** Describes the head on top of the last hidden states. */
export type Head = NoHead | ClassificationHead | LanguageModelHead

interface NoHead {
  readonly kind: 'none'
}

interface ClassificationHead {
  readonly kind: 'classification'
  readonly labelCount: number
  /** Writes float [b, labels] from h_L, float [b, n, d], of ids int64 [b, n] or, the same for all, [1, n]. */
  logits(hiddenStates: Value, name: string, inputIds: Value): Value
}

interface LanguageModelHead {
  readonly kind: 'masked-lm' | 'causal-lm'
  /** Writes float [b, p, V] from rows of h_L, float [b, p, d]. */
  logits(hiddenStates: Value, name: string): Value
}

export const NO_HEAD: NoHead = { kind: 'none' }

/**
 * Writes one position of each sequence: float [b, n, d] -> [b, d].
 * @param position counts from the end where negative
 */
export function stateAt({ builder }: GraphScope, hiddenStates: Value, position: number): Value {
  return builder.node('Gather', [hiddenStates, builder.constant('int64', [position], [])], {
    attributes: { axis: 1 },
  })
}

/**
 * Writes the state that a decoder's classifier reads, that of the last token that is no padding; where all are padding that
 * of the first, as in transformers (`GenericForSequenceClassification`): float [b, n, d] -> [b, d].
 *
 * @param inputIds int64 [b, n] or [1, n]
 */
function lastTokenState(
  { builder }: GraphScope,
  hiddenStates: Value,
  inputIds: Value,
  padTokenId: number,
): Value {
  const padding = builder.constant('int64', [padTokenId], [])
  const isToken = builder.node('Not', [builder.node('Equal', [inputIds, padding])])
  const counted = builder.node('Cast', [isToken], { attributes: { to: 7 } })
  const positions = builder.node('Mul', [counted, positionsOf(builder, inputIds)])
  const last = builder.node('ReduceMax', [positions, builder.constant('int64', [1])], {
    attributes: { keepdims: 1 },
  })
  const rows = builder.node('Shape', [hiddenStates], { attributes: { start: 0, end: 1 } })
  const size = builder.node('Concat', [rows, builder.constant('int64', [1])], { attributes: { axis: 0 } })
  const byRow = builder.node('Expand', [last, size])
  return builder.node('GatherND', [hiddenStates, byRow], { attributes: { batch_dims: 1 } })
}

/**
 * Writes the last linear layer of a classifier, with as many outputs as its weight has rows.
 * @param rows float [b, d]
 */
export function labelLogits(
  scope: GraphScope,
  rows: Value,
  output: string,
  width: number,
  { bias = true, name }: { readonly bias?: boolean; readonly name: string },
): Value {
  return gemm(scope, rows, output, width, labelCountOf(scope, output), { bias, outputName: name })
}

/** Returns the number of rows of a classifier's last weight. */
export function labelCountOf({ parameters }: GraphScope, output: string): number {
  return parameters.shapeOf(`${output}.weight`)?.[0] ?? 0
}

interface OutputTable {
  /** Name of the table, [V, tableWidth]. */
  readonly table: string
  readonly vocabularySize: number
  readonly tableWidth: number
  /** Name of the bias of the tokens, [V]. */
  readonly bias?: string
}

/** Writes the product with the output table: float [b, p, tableWidth] -> [b, p, V]. */
export function tokenLogits(
  scope: GraphScope,
  hiddenStates: Value,
  { table, vocabularySize, tableWidth, bias }: OutputTable,
  name?: string,
): Value {
  const { builder, parameters } = scope
  const operands = [
    // The table is the left operand: the runtime keeps a packed copy of constant right ones.
    parameters.tensor(table, [vocabularySize, tableWidth]),
    toRows(scope, hiddenStates, tableWidth),
  ]
  if (bias) {
    const byToken = parameters.tensor(bias, [vocabularySize])
    operands.push(builder.node('Unsqueeze', [byToken, builder.constant('int64', [1])]))
  }
  const scores = builder.node('Gemm', operands, { attributes: { transB: 1 } })
  return fromRows(scope, builder.node('Transpose', [scores]), hiddenStates, vocabularySize, name)
}

type DecoderConfig = Pick<CommonConfig, 'width' | 'vocabularySize' | 'padTokenId'>

interface DecoderHeadOptions {
  /** Name of the bias of the tokens, [V]. */
  readonly bias?: string
  /** Changes the finished scores. */
  readonly finish?: (logits: Value) => Value
}

/**
 * Returns a decoder's heads where the file has them: `score`, a classifier over the last token; the product with the
 * output table.
 *
 * @param table name of the output table; null where there is none
 */
export function decoderHeads(
  scope: GraphScope,
  { width, vocabularySize, padTokenId }: DecoderConfig,
  table: string | null,
  { bias, finish = (logits) => logits }: DecoderHeadOptions = {},
): Head[] {
  const heads: Head[] = []
  if (scope.parameters.has('score.weight')) {
    heads.push({
      kind: 'classification',
      labelCount: labelCountOf(scope, 'score'),
      logits: (states, name, inputIds) => {
        const last =
          padTokenId === null
            ? stateAt(scope, states, -1)
            : lastTokenState(scope, states, inputIds, padTokenId)
        return labelLogits(scope, last, 'score', width, { bias: false, name })
      },
    })
  }
  if (table !== null) {
    const output = { table, vocabularySize, tableWidth: width, bias }
    heads.push({
      kind: 'causal-lm',
      logits: (states, name) =>
        scope.builder.node('Identity', [finish(tokenLogits(scope, states, output))], { name }),
    })
  }
  return heads
}
