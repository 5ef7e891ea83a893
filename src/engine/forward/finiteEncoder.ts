import { fail } from '../../core/failure'
import { type Checkpoint, precisionOf } from '../../weights/checkpoint'
import type { Encoder } from './encoder'

const areFinite = (values: ArrayLike<number> | null): boolean => {
  for (let i = 0; values && i < values.length; i++) if (!Number.isFinite(values[i])) return false
  return true
}

/**
 * Wraps an encoder so that it fails where a forward gives what is no number: no measure is made of it.
 *
 * @param checkpoint its weights, which are searched for the reason; null where they are not read (ONNX files)
 * @throws FailureError `unsupported-model` from every method
 */
export function finiteEncoder(encoder: Encoder, checkpoint: Checkpoint | null): Encoder {
  async function check(...results: readonly (ArrayLike<number> | null)[]): Promise<void> {
    if (results.every(areFinite)) return
    const { findNonFinite } = await import('../../weights/nonFinite')
    const found = checkpoint && (await findNonFinite(checkpoint))
    const [weights] = checkpoint ? precisionOf(checkpoint).split(',') : ['']
    const because = found ? `: ${weights} with ${found.value} in ${found.tensor}` : ''
    fail('unsupported-model', `This model gives no numbers: its hidden states are not finite${because}.`, {
      kept: 'Nothing was measured with it.',
      advice: found
        ? 'The file was probably saved in a format too small for its weights: save the model as float32 or bfloat16.'
        : 'Open other weights of the model: float32, or safetensors.',
    })
  }
  return {
    async encode(...request) {
      const found = await encoder.encode(...request)
      await check(found.norms, found.distances, found.logits)
      return found
    },
    async encodeBatch(...request) {
      const found = await encoder.encodeBatch(...request)
      await check(found.distances, found.logits)
      return found
    },
    async encodeTogether(...request) {
      const found = await encoder.encodeTogether(...request)
      await check(found.changed.distances, found.changed.logits, found.original.logits)
      return found
    },
    async encodePatched(...request) {
      const found = await encoder.encodePatched(...request)
      await check(found.logits, found.tokenLogits, found.lastStates)
      return found
    },
    async applyHead(...request) {
      const found = await encoder.applyHead(...request)
      await check(found)
      return found
    },
  }
}
