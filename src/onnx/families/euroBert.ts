import * as v from 'valibot'
import { epsilon } from '../../weights/modelConfigFields'
import type { Value } from '../builder/graphBuilder'
import { activate } from '../layers/activation'
import { type Head, labelCountOf, tokenLogits } from '../layers/heads'
import { linear } from '../layers/linear'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { rotaryDecoderEntries, rotaryDecoderOf } from './rotaryDecoder'

interface EuroBertConfig extends DecoderConfig {
  /** Input of the classifier: the first state, the mean of all, or each state, whose scores are then averaged. */
  readonly pooling: 'bos' | 'mean' | 'late'
}

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    rms_norm_eps: epsilon,
    attention_bias: v.boolean(),
    mlp_bias: v.boolean(),
    classifier_pooling: v.picklist(['bos', 'mean', 'late']),
  }),
  v.transform((config): EuroBertConfig => {
    const stack = rotaryDecoderOf(config, {
      causal: false,
      norm: { kind: 'rms', epsilon: config.rms_norm_eps },
      projectionBias: config.attention_bias,
      outputBias: config.attention_bias,
      feedForwardBias: config.mlp_bias,
      headBias: config.mlp_bias,
    })
    return { ...stack, pooling: config.classifier_pooling }
  }),
)

/** Writes EuroBERT (Boizard et al. 2025): Llama that sees both directions. */
class EuroBert extends Decoder<EuroBertConfig> {
  protected override heads(): Head[] {
    const { scope } = this
    const { width, vocabularySize, headBias } = this.config
    const heads: Head[] = []
    if (this.has('dense.weight') && this.has('classifier.weight')) {
      const labelCount = labelCountOf(scope, 'classifier')
      heads.push({
        kind: 'classification',
        labelCount,
        logits: (states, name) => {
          const inner = activate(scope, linear(scope, this.#pooled(states), 'dense', width, width), 'gelu')
          return this.#mean(linear(scope, inner, 'classifier', width, labelCount), name)
        },
      })
    }
    const table = this.outputTable('lm_head.weight')
    if (table !== null) {
      const output = { table, vocabularySize, tableWidth: width, bias: headBias ? 'lm_head.bias' : undefined }
      heads.push({ kind: 'masked-lm', logits: (states, name) => tokenLogits(scope, states, output, name) })
    }
    return heads
  }

  /** Returns the classifier's input, float [b, 1 or n, d]. */
  #pooled(states: Value): Value {
    const { builder } = this.scope
    const { pooling } = this.config
    if (pooling === 'late') return states
    if (pooling === 'bos') {
      return builder.node('Gather', [states, builder.constant('int64', [0])], { attributes: { axis: 1 } })
    }
    return builder.node('ReduceMean', [states, builder.constant('int64', [1])], {
      attributes: { keepdims: 1 },
    })
  }

  /** Averages float [b, 1 or n, labels] to [b, labels]. */
  #mean(scores: Value, name: string): Value {
    const { builder } = this.scope
    return builder.node('ReduceMean', [scores, builder.constant('int64', [1])], {
      attributes: { keepdims: 0 },
      name,
    })
  }
}

export const euroBert: FamilyEntry<EuroBertConfig> = {
  modelTypes: ['eurobert'],
  causal: false,
  schema,
  write: (input) => new EuroBert(input),
}
