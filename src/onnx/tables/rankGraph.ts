import type { Checkpoint } from '../../weights/checkpoint'
import type { ModelConfig } from '../../weights/modelConfig'
import { GraphBuilder, type Value } from '../builder/graphBuilder'
import { transformerOf } from '../families'
import type { TransformerOf } from '../families/transformer'
import { readingCosines } from './tableCosines'

/**
 * Writes the rank of a token among all of the vocabulary by cosine with a hidden state (measures.md: identifiability).
 *
 * Inputs: `states` float [q, d]; `target_ids` int64 [q]. Output: `ranks` int64 [q], 1 + the number of rows of the table
 * whose cosine is larger than the target's own. The state's own norm does not change the order, so it is left out.
 *
 * @param familyOf what reads the table, where that is not the family that config names
 */
export function writeRankGraph(
  config: ModelConfig,
  checkpoint: Checkpoint,
  familyOf: TransformerOf = transformerOf,
): Uint8Array {
  const builder = new GraphBuilder()
  const transformer = familyOf(builder, config, checkpoint)
  const states = builder.input('states', 'float', ['states', config.width])
  const targetIds = builder.input('target_ids', 'int64', ['states'])
  const column = (value: Value) => builder.node('Unsqueeze', [value, builder.constant('int64', [1])])
  const targets = column(targetIds)
  const zero = builder.constant('int64', [0], [])

  const cosinesOf = readingCosines(builder, transformer, states)
  const blocks = transformer.wordTableBlocks().map(({ value, first, count }) => ({
    scores: builder.node('Transpose', [cosinesOf(value)]),
    first,
    count,
  }))

  // The target's own score is taken from the same product, so that it is not larger than itself by rounding.
  const own = blocks.map(({ scores, first, count }) => {
    const last = builder.constant('int64', [count - 1], [])
    const place = builder.node('Sub', [targets, builder.constant('int64', [first], [])])
    const within = builder.node('Min', [builder.node('Max', [place, zero]), last])
    const isHere = builder.node('Equal', [place, within])
    const score = builder.node('GatherElements', [scores, within], { attributes: { axis: 1 } })
    return builder.node('Where', [isHere, score, builder.constant('float', [0], [])])
  })
  const ownScore = own.reduce((sum, score) => builder.node('Add', [sum, score]))

  const larger = blocks.map(({ scores }) => {
    const isLarger = builder.node('Cast', [builder.node('Greater', [scores, ownScore])], {
      attributes: { to: 1 },
    })
    return builder.node('ReduceSum', [isLarger, builder.constant('int64', [1])], {
      attributes: { keepdims: 0 },
    })
  })
  // Counts stay far below 2^24, where float still holds every whole number.
  const count = larger.reduce((sum, value) => builder.node('Add', [sum, value]))
  const rank = builder.node('Add', [count, builder.constant('float', [1], [])])
  builder.output(builder.node('Cast', [rank], { attributes: { to: 7 }, name: 'ranks' }), 'int64', ['states'])
  return builder.build()
}
