import type { Activation, CommonConfig } from '../../weights/modelConfig'
import type { GraphScope } from '../builder/graphScope'
import { activate } from './activation'
import { type Head, labelCountOf, labelLogits, stateAt, tokenLogits } from './heads'
import { gemm, linear } from './linear'
import { layerNorm } from './normalization'

/** Names the classifier's tensors in most encoders, over the first position: dense, activation, output. */
export interface ClassifierNames {
  readonly dense: string
  readonly activation: Activation
  /** The last linear layer: as many outputs as there are labels. */
  readonly output: string
}

/** Names the masked-LM head's tensors in most encoders: dense, activation, LayerNorm, product with the output table. */
export interface MaskedLmNames {
  readonly dense: string
  readonly activation: Activation
  readonly norm: string
  /** The product with the output table, as a linear layer; null where it is always with the word table. */
  readonly decoder: string | null
  /** The bias of the tokens, where the output table is the word table. */
  readonly bias: string
}

/** Returns the names of BERT's heads, which most later encoders use too. @param prefix of the base model's tensors */
export const bertHeads = (prefix: string, activation: Activation) =>
  ({
    classifier: { dense: `${prefix}pooler.dense`, activation: 'tanh', output: 'classifier' },
    maskedLm: {
      dense: 'cls.predictions.transform.dense',
      activation,
      norm: 'cls.predictions.transform.LayerNorm',
      decoder: 'cls.predictions.decoder',
      bias: 'cls.predictions.bias',
    },
  }) as const

/** Names of RoBERTa's heads, which MPNet uses too. */
export const ROBERTA_HEADS = {
  classifier: { dense: 'classifier.dense', activation: 'tanh', output: 'classifier.out_proj' },
  maskedLm: {
    dense: 'lm_head.dense',
    activation: 'gelu',
    norm: 'lm_head.layer_norm',
    decoder: 'lm_head.decoder',
    bias: 'lm_head.bias',
  },
} as const

export function classificationHead(
  scope: GraphScope,
  { width }: CommonConfig,
  { dense, activation, output }: ClassifierNames,
): Head {
  return {
    kind: 'classification',
    labelCount: labelCountOf(scope, output),
    logits(hiddenStates, name) {
      const pooled = gemm(scope, stateAt(scope, hiddenStates, 0), dense, width, width)
      return labelLogits(scope, activate(scope, pooled, activation), output, width, { name })
    },
  }
}

/**
 * @param table name of the output table
 * @param tableWidth its columns, to which `dense` leads
 */
export function maskedLmHead(
  scope: GraphScope,
  { width, vocabularySize, normEpsilon, tiedHead }: CommonConfig,
  { dense, activation, norm, decoder, bias: tiedBias }: MaskedLmNames,
  table: string,
  tableWidth: number,
): Head {
  return {
    kind: 'masked-lm',
    logits(hiddenStates, name) {
      const inner = activate(scope, linear(scope, hiddenStates, dense, width, tableWidth), activation)
      const transformed = layerNorm(scope, inner, norm, tableWidth, normEpsilon)
      // Files of transformers 4 may hold the same bias under either name, or both.
      const ownBias = `${decoder}.bias`
      const names = tiedHead ? [tiedBias, ownBias] : [ownBias, tiedBias]
      const bias = names.find((name) => scope.parameters.has(name)) ?? tiedBias
      return tokenLogits(scope, transformed, { table, vocabularySize, tableWidth, bias }, name)
    },
  }
}
