import type { Checkpoint } from '../../weights/checkpoint'
import type { ModelConfig } from '../../weights/modelConfig'
import { GraphBuilder, type Value } from '../builder/graphBuilder'
import { transformerOf } from '../families'
import type { Transformer, TransformerOf } from '../families/transformer'
import { bestRows } from './bestRows'
import { normalised, threeNorms } from './norms'
import { queryCosines } from './tableCosines'

/**
 * Writes the word table and its queries: rows closest to tokens or to hidden states, and how far an embedding moves. It
 * is a graph of its own, because the runtime computes all of a graph whatever is fetched. Tokens are compared in W
 * itself; a hidden state with P W_v + b where the family has such a projection from a narrower table (ELECTRA's
 * `embeddings_project`, ALBERT's `embedding_hidden_mapping_in`), else with W_v.
 *
 * Inputs: `token_ids` int64 [t] and `position_ids` int64 [t], tokens whose substitutes are wanted; `candidate_ids`
 * int64 [t, c], substitutes to report besides the nearest; `states` float [m, d], hidden states to read; `k` int64 [1].
 * Outputs, with q = t + m, tokens first: `closest_ids` int64 [q, k] and `closest_cosines` float [q, k], best first, the
 * token itself not excluded; `candidates` int64 [t, k + c], `cosines` float [t, k + c], and `shifts` and `raw_shifts`
 * float [t, k + c, 3]: l1, l2, linf of h_0 and of the table's rows.
 *
 * @param familyOf what reads the table, where that is not the family that config names
 */
export function writeWordTableGraph(
  config: ModelConfig,
  checkpoint: Checkpoint,
  familyOf: TransformerOf = transformerOf,
): Uint8Array {
  const builder = new GraphBuilder()
  const transformer = familyOf(builder, config, checkpoint)
  const { width } = config
  const tokenIds = builder.input('token_ids', 'int64', ['tokens'])
  const positionIds = builder.input('position_ids', 'int64', ['tokens'])
  const candidateIds = builder.input('candidate_ids', 'int64', ['tokens', 'candidates'])
  const states = builder.input('states', 'float', ['states', width])
  const k = builder.input('k', 'int64', [1])

  const tokenRows = transformer.wordRows(tokenIds)
  const closest = closestRows(builder, transformer, tokenRows, states, k)
  builder.output(closest.cosines, 'float', ['queries', 'k'])
  builder.output(closest.ids, 'int64', ['queries', 'k'])

  const tokenCount = builder.node('Shape', [tokenIds])
  const nearest = builder.node('Slice', [
    closest.ids,
    builder.constant('int64', [0]),
    tokenCount,
    builder.constant('int64', [0]),
  ])
  const candidates = builder.node('Concat', [nearest, candidateIds], {
    attributes: { axis: 1 },
    name: 'candidates',
  })
  builder.output(candidates, 'int64', ['tokens', 'substitutes'])

  const column = (value: Value) => builder.node('Unsqueeze', [value, builder.constant('int64', [1])])
  const originalRows = column(tokenRows)
  const candidateRows = transformer.wordRows(candidates)
  builder.output(cosineOf(builder, originalRows, candidateRows), 'float', ['tokens', 'substitutes'])

  const embed = (ids: Value) => transformer.embeddings(ids, column(positionIds))
  const shift = builder.node('Sub', [embed(candidates), embed(column(tokenIds))])
  const rawShift = builder.node('Sub', [candidateRows, originalRows])
  builder.output(threeNorms(builder, shift, 'shifts'), 'float', ['tokens', 'substitutes', 3])
  builder.output(threeNorms(builder, rawShift, 'raw_shifts'), 'float', ['tokens', 'substitutes', 3])
  return builder.build()
}

/**
 * Finds the k rows of the table closest to each query, best first.
 *
 * @param tokenRows float [t, tableWidth]
 * @param states float [m, d]
 * @returns `closest_cosines` float [q, k] and `closest_ids` int64 [q, k]; of equal cosines the lower id first
 */
function closestRows(
  builder: GraphBuilder,
  transformer: Transformer,
  tokenRows: Value,
  states: Value,
  k: Value,
): { readonly cosines: Value; readonly ids: Value } {
  const cosinesOf = queryCosines(builder, transformer, tokenRows, states)
  const scored = transformer.wordTableBlocks().map((block) => ({ ...block, scores: cosinesOf(block.value) }))
  const { scores, ids } = bestRows(builder, scored, k, ['closest_cosines', 'closest_ids'])
  return { cosines: scores, ids }
}

/** Writes the cosine over the last axis, float [t, s] named `cosines`. */
function cosineOf(builder: GraphBuilder, a: Value, b: Value): Value {
  const product = builder.node('Mul', [normalised(builder, a), normalised(builder, b)])
  return builder.node('ReduceSum', [product, builder.constant('int64', [-1])], {
    attributes: { keepdims: 0 },
    name: 'cosines',
  })
}
