import { hiddenStatesName, referenceName, writeEncoderGraph } from '../onnx/encoderGraph'
import type { Checkpoint } from '../weights/checkpoint'
import type { ModelConfig } from '../weights/modelConfig'
import type { Runtime } from './runtime'

/** h_0..h_L of one sequence: L + 1 arrays, each [n, d] row-major. */
export type HiddenStates = readonly Float32Array[]

export interface Encoding {
  readonly hiddenStates: HiddenStates
  /** [L+1, n] l2 norm of h_l - reference_l at each position; of h_l itself without a reference. */
  readonly distances: Float32Array
  /** [L+1, n] l2 norm of h_l at each position. */
  readonly norms: Float32Array
  /** One per label; null where the model has no head. */
  readonly logits: readonly number[] | null
}

/** The encoder of one model: ids in, hidden states, distances and logits out. */
export interface Encoder {
  /**
   * One forward of one sequence.
   *
   * @param reference hidden states of a sequence of the same length to measure against
   */
  encode(inputIds: readonly number[], reference?: HiddenStates): Promise<Encoding>
  release(): Promise<void>
}

export async function openEncoder(
  runtime: Runtime,
  config: ModelConfig,
  checkpoint: Checkpoint,
): Promise<Encoder> {
  const graph = writeEncoderGraph(config, checkpoint)
  const session = await runtime.open(graph.bytes, checkpoint)
  const layers = Array.from({ length: graph.states }, (_, layer) => layer)
  const outputs = [
    ...layers.map(hiddenStatesName),
    'distances',
    'norms',
    ...(graph.hasLogits ? ['logits'] : []),
  ]
  const { width } = config

  return {
    async encode(inputIds, reference) {
      const n = inputIds.length
      const zeros = reference ? null : new Float32Array(n * width)
      const feeds = {
        input_ids: runtime.int64(inputIds, [1, n]),
        ...Object.fromEntries(
          layers.map((layer) => [
            referenceName(layer),
            runtime.float(reference?.[layer] ?? (zeros as Float32Array), [1, n, width]),
          ]),
        ),
      }
      const results = await session.run(feeds, outputs)
      const floats = (name: string) => results[name].data as Float32Array
      return {
        hiddenStates: layers.map((layer) => floats(hiddenStatesName(layer))),
        distances: floats('distances'),
        norms: floats('norms'),
        logits: graph.hasLogits ? Array.from(floats('logits')) : null,
      }
    },
    release: () => session.release(),
  }
}
