import { fail } from '../../core/failure'
import type { StatePatch } from '../../core/measures/statePatch'
import {
  type EncoderGraph,
  firstStatesName,
  hiddenStatesName,
  patchedName,
  referenceName,
} from '../../onnx/encoderGraph'
import type { ModelConfig } from '../../weights/modelConfig'
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

/** Holds what a forward gives for each of several patches of one sequence, r of them; null for what the model lacks. */
export interface PatchedEncoding {
  /** [r, labels] */
  readonly logits: Float32Array | null
  /** [r, p, V] scores of the vocabulary at the positions asked for. */
  readonly tokenLogits: Float32Array | null
  /** [r, n, d] h_L; only where the answer is asked for in neither form. */
  readonly lastStates: Float32Array | null
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
  /**
   * Runs a sequence once for each patch, all of them in one forward; layers below the lowest one patched run once.
   *
   * @param replacement hidden states of another sequence of the same length, which take the place of the patched ones
   * @param logitPositions where a language model's scores are wanted
   * @throws FailureError `unsupported-model` where states cannot be put into the model
   */
  encodePatched(
    inputIds: readonly number[],
    replacement: HiddenStates,
    patches: readonly StatePatch[],
    logitPositions?: readonly number[],
  ): Promise<PatchedEncoding>
  /**
   * Applies the final norm and the head to hidden states of any layer before L.
   *
   * @param states each [m, d]: of a whole sequence for a classifier, of one position for a language model
   * @param inputIds the m tokens
   * @returns [states, labels] or [states, V]; null without a head
   * @throws FailureError `unsupported-model` where states cannot be put into the model
   */
  applyHead(states: readonly Float32Array[], inputIds: readonly number[]): Promise<Float32Array | null>
}

const layersOf = (states: number) => Array.from({ length: states }, (_, layer) => layer)

export function createEncoder(
  runtime: Runtime,
  session: Session,
  { states, hasLogits, hasTokenLogits, hasFirstRow = false, takesStates = false }: EncoderGraph,
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
    const untouched = new Uint8Array(n)
    return {
      input_ids: runtime.int64(batch.flat(), [batch.length, n]),
      ...Object.fromEntries(
        layers.map((layer) => [
          referenceName(layer),
          reference ? runtime.float(reference[layer], [1, n, width]) : runtime.float(nothing, [1, 1, width]),
        ]),
      ),
      ...(hasFirstRow && { first_row: runtime.float(Float32Array.of(reference ? 0 : 1), [1]) }),
      ...(takesStates && {
        ...Object.fromEntries(
          layers.map((layer) => [patchedName(layer), runtime.bool(untouched, [1, n, 1])]),
        ),
        measured_rows: runtime.int64([batch.length], [1]),
        head_only: runtime.bool(Uint8Array.of(0), [1, 1, 1]),
        head_states: runtime.float(nothing, [1, 1, width]),
      }),
      ...(hasTokenLogits && { logit_positions: runtime.int64(logitPositions, [logitPositions.length]) }),
    }
  }
  const requireStates = () => {
    if (takesStates) return
    fail('unsupported-model', 'Hidden states cannot be put back into an ONNX file of another exporter.', {
      kept: 'Distances and predictions are measured as before.',
      advice: 'Open the weights as safetensors instead, where the model has them.',
    })
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

    async encodePatched(inputIds, replacement, patches, logitPositions = []) {
      requireStates()
      const n = inputIds.length
      const masks = layers.flatMap((layer) => {
        if (!patches.some((patch) => patch.layers.includes(layer))) return []
        const mask = new Uint8Array(patches.length * n)
        for (const [row, patch] of patches.entries()) {
          if (patch.layers.includes(layer)) for (const j of patch.positions) mask[row * n + j] = 1
        }
        return [[patchedName(layer), runtime.bool(mask, [patches.length, n, 1])] as const]
      })
      const answer = hasLogits
        ? 'logits'
        : logitPositions.length > 0
          ? 'token_logits'
          : hiddenStatesName(states - 1)
      const feeds = { ...feedsOf([inputIds], replacement, logitPositions), ...Object.fromEntries(masks) }
      const values = (await session.run(feeds, [answer]))[answer].data as Float32Array
      return {
        logits: answer === 'logits' ? values : null,
        tokenLogits: answer === 'token_logits' ? values : null,
        lastStates: answer === hiddenStatesName(states - 1) ? values : null,
      }
    },

    async applyHead(rows, inputIds) {
      requireStates()
      if (!hasLogits && !hasTokenLogits) return null
      const n = inputIds.length
      const given = new Float32Array(rows.length * n * width)
      for (const [i, row] of rows.entries()) given.set(row, i * n * width)
      const answer = hasLogits ? 'logits' : 'token_logits'
      const feeds = {
        ...feedsOf([inputIds], null, hasTokenLogits ? [0] : []),
        head_only: runtime.bool(Uint8Array.of(1), [1, 1, 1]),
        head_states: runtime.float(given, [rows.length, n, width]),
      }
      return (await session.run(feeds, [answer]))[answer].data as Float32Array
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
