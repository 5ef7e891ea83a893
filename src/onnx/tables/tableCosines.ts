import type { GraphBuilder, Value } from '../builder/graphBuilder'
import type { Transformer } from '../families/transformer'
import type { TableProjection } from '../layers/tableProjection'
import { normalised, norms } from './norms'

/**
 * Returns the cosines, float [rows, q], of a block of rows of W, float [rows, tableWidth], with the queries; queries of
 * another norm than 1 give the cosines times that norm.
 */
export type BlockCosines = (block: Value) => Value

/** Writes cos(w, q). @param queries float [q, tableWidth] */
function tableCosines(builder: GraphBuilder, queries: Value): BlockCosines {
  return (block) => {
    // The table is the left operand: the runtime keeps a packed copy of constant right ones.
    const products = builder.node('Gemm', [block, queries], { attributes: { transB: 1 } })
    return builder.node('Div', [products, norms(builder, block)])
  }
}

/**
 * Writes cos(P w + b, h) for rows w of a narrow table. The products are taken in the table's own width, (P w) . h = w .
 * (P^T h), so that only the norms of the projected rows are stored, not the rows.
 *
 * @param states float [q, d]
 */
function projectedTableCosines(
  builder: GraphBuilder,
  { weight, bias }: TableProjection,
  states: Value,
): BlockCosines {
  const queries = builder.node('MatMul', [states, weight])
  const column = builder.node('Unsqueeze', [bias, builder.constant('int64', [1])])
  const offsets = builder.node('Transpose', [builder.node('MatMul', [states, column])])
  return (block) => {
    const products = builder.node('Gemm', [block, queries, offsets], { attributes: { transB: 1 } })
    const projected = builder.node('Gemm', [block, weight, bias], { attributes: { transB: 1 } })
    return builder.node('Div', [products, norms(builder, projected)])
  }
}

/** Writes cosines of rows of W with hidden states, whatever their widths. @param states float [q, d] */
export function readingCosines(builder: GraphBuilder, transformer: Transformer, states: Value): BlockCosines {
  const projection = transformer.tableProjection()
  return projection ? projectedTableCosines(builder, projection, states) : tableCosines(builder, states)
}

/**
 * Writes cosines with tokens' own rows and with hidden states side by side, tokens first: [rows, t + m].
 *
 * @param tokenRows float [t, tableWidth]
 * @param states float [m, d]
 */
export function queryCosines(
  builder: GraphBuilder,
  transformer: Transformer,
  tokenRows: Value,
  states: Value,
): BlockCosines {
  if (!transformer.tableProjection()) {
    const queries = builder.node('Concat', [tokenRows, states], { attributes: { axis: 0 } })
    return tableCosines(builder, normalised(builder, queries))
  }
  const ofTokens = tableCosines(builder, normalised(builder, tokenRows))
  const ofStates = readingCosines(builder, transformer, normalised(builder, states))
  // The runtime cannot sort no rows at all, so that the two are put together before that.
  return (block) => builder.node('Concat', [ofTokens(block), ofStates(block)], { attributes: { axis: 1 } })
}
