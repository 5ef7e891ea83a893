import { fail } from '../core/failure'
import type { LayerAnswers } from '../core/measures/layerAnswers'
import { logProbabilities, topTokens } from '../core/measures/tokenDistribution'
import type { ModelParts } from './modelParts'
import type { BothRuns } from './statePatching'

/**
 * Applies the head to the hidden states of every layer (logit lens, nostalgebraist 2020), in both texts; the last
 * layer's answer is the model's own.
 *
 * @param place of a language model; null for a classifier
 * @throws FailureError `unsupported-model` where states cannot be put into the model
 */
export async function answersByLayer(
  { encoder }: ModelParts,
  { inputIds, states, logits, scores }: BothRuns,
  {
    place,
    width,
    vocabulary,
  }: {
    readonly place: number | null
    readonly width: number
    readonly vocabulary: readonly string[]
  },
): Promise<LayerAnswers> {
  /** Returns the answers to h_0..h_(L-1), of all positions or of the one at the place. */
  async function below(text: 'original' | 'changed'): Promise<Float32Array[]> {
    const layers = states[text].slice(0, -1)
    const ids = inputIds[text]
    const given =
      place === null
        ? await encoder.applyHead(layers, ids)
        : await encoder.applyHead(
            layers.map((layer) => layer.subarray(place * width, (place + 1) * width)),
            [ids[place]],
          )
    if (!given) return fail('internal', 'The head gave no answer.')
    const size = given.length / layers.length
    return layers.map((_, row) => given.subarray(row * size, (row + 1) * size))
  }

  const [before, after] = [await below('original'), await below('changed')]
  if (logits) {
    const plain = (rows: readonly Float32Array[]) => rows.map((row) => Array.from(row))
    return {
      kind: 'labels',
      logits: { before: [...plain(before), logits.before], after: [...plain(after), logits.after] },
    }
  }
  if (!scores) return fail('internal', 'The head gave no scores.')
  const [tokenId] = topTokens(logProbabilities(scores.before), 1)
  const probabilities = (rows: readonly Float32Array[]) =>
    rows.map((row) => Math.exp(logProbabilities(row)[tokenId]))
  return {
    kind: 'token',
    tokenId,
    token: vocabulary[tokenId] ?? '',
    probability: {
      before: probabilities([...before, scores.before]),
      after: probabilities([...after, scores.after]),
    },
  }
}
