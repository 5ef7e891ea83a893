import type { PredictionKind } from '../core/measures/prediction'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/**
 * Returns the function that a CrossEncoder of sentence-transformers applies, from its new key in config.json or its old
 * one.
 */
function crossEncoderActivation(config: Readonly<Record<string, unknown>>): unknown {
  const { sentence_transformers: own, sbert_ce_default_activation_function: old } = config
  return (isObject(own) ? own.activation_fn : undefined) ?? old
}

/**
 * Decides the meaning of a classifier's logits, as transformers' text classification pipeline and
 * sentence-transformers' CrossEncoder do: what a file applies by itself counts first, then what config.json names, then
 * the number of labels.
 *
 * @param json config.json
 * @param applied what an ONNX file applies at its end
 */
export function predictionKindOf(
  json: unknown,
  labelCount: number,
  applied: PredictionKind | null = null,
): PredictionKind {
  if (applied) return applied
  const config = isObject(json) ? json : {}
  const activation = crossEncoderActivation(config)
  if (typeof activation === 'string') {
    if (/Identity$/.test(activation)) return 'score'
    if (/Sigmoid$/.test(activation)) return 'sigmoid'
  }
  const { problem_type: problem } = config
  if (problem === 'regression') return 'score'
  if (problem === 'multi_label_classification' || labelCount === 1) return 'sigmoid'
  return 'softmax'
}
