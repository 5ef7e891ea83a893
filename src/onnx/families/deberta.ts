import * as v from 'valibot'
import type { Value } from '../builder/graphBuilder'
import { splitHeads } from '../layers/attention'
import { linear } from '../layers/linear'
import { DebertaV2, type DebertaV2Config, debertaSchema } from './debertaV2'
import type { FamilyEntry } from './family'

const schema = v.pipe(
  v.looseObject({ talking_head: v.nullish(v.literal(false, 'attention heads that talk are not read')) }),
  debertaSchema,
  // Fields of the second version do not apply to the first, whatever the config says.
  v.transform(
    (config): DebertaV2Config => ({
      ...config,
      relativeSpan: config.maxRelativePositions,
      logBuckets: false,
      sharedKeys: false,
      relativeNorm: false,
      convolution: null,
    }),
  ),
)

/** Writes DeBERTa (He et al. 2020): queries, keys and values as one product by heads, positions one by one. */
class Deberta extends DebertaV2 {
  protected override contents(hiddenStates: Value, self: string): Value[] {
    const { scope } = this
    const { builder, parameters } = scope
    const { width, heads } = this.config
    const headSize = width / heads
    const all = linear(scope, hiddenStates, `${self}.in_proj`, width, 3 * width, { bias: false })
    const byHead = splitHeads(scope, all, { heads, headSize: 3 * headSize })
    const [query, key, value] = builder.nodes('Split', [byHead], 3, {
      attributes: { axis: -1, num_outputs: 3 },
    })
    const shifted = (states: Value, name: string) => {
      const bias = parameters.tensor(`${self}.${name}`, [width])
      const rows = builder.node('Reshape', [bias, builder.constant('int64', [1, heads, 1, headSize])])
      return builder.node('Add', [states, rows])
    }
    return [shifted(query, 'q_bias'), key, shifted(value, 'v_bias')]
  }

  protected override positionPart(positions: Value, self: string, part: 'key' | 'query'): Value {
    return part === 'key'
      ? this.projected(positions, `${self}.pos_proj`, { bias: false })
      : this.projected(positions, `${self}.pos_q_proj`)
  }
}

export const deberta: FamilyEntry<DebertaV2Config> = {
  modelTypes: ['deberta'],
  causal: false,
  schema,
  write: (input) => new Deberta(input),
}
