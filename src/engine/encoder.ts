import { type EncoderGraph, firstStatesName, hiddenStatesName, referenceName } from '../onnx/encoderGraph'
import type { ModelConfig } from '../weights/modelConfig'
import type { Feeds, Runtime, Session } from './runtime'

/** Holds h_0..h_L of one sequence: L + 1 arrays, each [n, d] row-major. */
export type HiddenStates = readonly Float32Array[]

export interface Encoding {
  readonly hiddenStates: HiddenStates
  /** [L+1, n] l2 norm of h_l - reference_l at each position; of h_l itself without a reference. */
  readonly distances: Float32Array
  /** [L+1, n] l2 norm of h_l at each position. */
  readonly norms: Float32Array
  /** Logits, one per label; null where the model has no classifier. */
  readonly logits: readonly number[] | null
  /** [p, V] scores of the vocabulary at the positions asked for; null where the head is no language model. */
  readonly tokenLogits: Float32Array | null
}

/** Holds what a forward of several sequences of one length gives, measured against one original. */
export interface BatchEncoding {
  /** [b, n, d] h_0 */
  readonly embeddings: Float32Array
  /** [b, L+1, n] l2 norm of h_l - reference_l at each position. */
  readonly distances: Float32Array
  /** [b, labels]; null where the model has no head. */
  readonly logits: Float32Array | null
}

/** Holds the first row of a batch, against which the other rows are measured. */
export interface Original {
  readonly hiddenStates: HiddenStates
  /** Logits, one per label; null where the model has no classifier. */
  readonly logits: readonly number[] | null
}

/** Runs one model's encoder: ids in, hidden states, distances and logits out. */
export interface Encoder {
  /**
   * Runs one forward of one sequence.
   *
   * @param reference hidden states of a sequence of the same length to measure against
   * @param logitPositions where a language model's scores are wanted: of the token itself (masked) or the next (causal)
   */
  encode(
    inputIds: readonly number[],
    reference?: HiddenStates,
    logitPositions?: readonly number[],
  ): Promise<Encoding>
  /** Runs one forward of a batch of sequences of the reference's length. */
  encodeBatch(batch: readonly (readonly number[])[], reference: HiddenStates): Promise<BatchEncoding>
  /**
   * Runs an original and changed sequences of its length in one forward; of the changed ones' hidden states only h_0
   * leaves the device.
   */
  encodeTogether(
    original: readonly number[],
    changed: readonly (readonly number[])[],
  ): Promise<{ readonly original: Original; readonly changed: BatchEncoding }>
}

const layersOf = (states: number) => Array.from({ length: states }, (_, layer) => layer)

export function createEncoder(
  runtime: Runtime,
  session: Session,
  { states, hasLogits, hasTokenLogits, hasFirstRow = false }: EncoderGraph,
  { width }: ModelConfig,
): Encoder {
  const layers = layersOf(states)
  const outputs = [...layers.map(hiddenStatesName), 'distances', 'norms']
  if (hasLogits) outputs.push('logits')
  if (hasTokenLogits) outputs.push('token_logits')
  const batchOutputs = [hiddenStatesName(0), 'distances', ...(hasLogits ? ['logits'] : [])]
  const togetherOutputs = [...batchOutputs, ...layers.map(firstStatesName)]
  /** @param reference null: the first row of the batch */
  const feedsOf = (
    batch: readonly (readonly number[])[],
    reference: HiddenStates | null,
    logitPositions: readonly number[] = [],
  ): Feeds => {
    const n = batch[0].length
    const nothing = new Float32Array(width)
    return {
      input_ids: runtime.int64(batch.flat(), [batch.length, n]),
      ...Object.fromEntries(
        layers.map((layer) => [
          referenceName(layer),
          reference ? runtime.float(reference[layer], [1, n, width]) : runtime.float(nothing, [1, 1, width]),
        ]),
      ),
      ...(hasFirstRow && { first_row: runtime.float(Float32Array.of(reference ? 0 : 1), [1]) }),
      ...(hasTokenLogits && { logit_positions: runtime.int64(logitPositions, [logitPositions.length]) }),
    }
  }
  const encoder: Encoder = {
    async encodeBatch(batch, reference) {
      const results = await session.run(feedsOf(batch, reference), batchOutputs)
      return {
        embeddings: results[hiddenStatesName(0)].data as Float32Array,
        distances: results.distances.data as Float32Array,
        logits: hasLogits ? (results.logits.data as Float32Array) : null,
      }
    },

    async encodeTogether(inputIds, changed) {
      if (!hasFirstRow) {
        const original = await encoder.encode(inputIds)
        return { original, changed: await encoder.encodeBatch(changed, original.hiddenStates) }
      }
      const results = await session.run(feedsOf([inputIds, ...changed], null), togetherOutputs)
      const floats = (name: string) => results[name].data as Float32Array
      const others = (values: Float32Array) => values.subarray(values.length / (changed.length + 1))
      const logits = hasLogits ? floats('logits') : null
      return {
        original: {
          hiddenStates: layers.map((layer) => floats(firstStatesName(layer))),
          logits: logits && Array.from(logits.subarray(0, logits.length / (changed.length + 1))),
        },
        changed: {
          embeddings: others(floats(hiddenStatesName(0))),
          distances: others(floats('distances')),
          logits: logits && others(logits),
        },
      }
    },

    async encode(inputIds, reference, logitPositions = []) {
      const n = inputIds.length
      const zeros = reference ?? new Array<Float32Array>(states).fill(new Float32Array(n * width))
      const results = await session.run(feedsOf([inputIds], zeros, logitPositions), outputs)
      const floats = (name: string) => results[name].data as Float32Array
      return {
        hiddenStates: layers.map((layer) => floats(hiddenStatesName(layer))),
        distances: floats('distances'),
        norms: floats('norms'),
        logits: hasLogits ? Array.from(floats('logits')) : null,
        tokenLogits: hasTokenLogits ? floats('token_logits') : null,
      }
    },
  }
  return encoder
}
