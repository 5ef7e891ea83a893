import { fail } from '../../core/failure'
import { hiddenStatesName, referenceName } from '../../onnx/encoderGraph'
import type { ForeignGraph } from '../../onnx/foreign/foreignGraph'
import { ownLastStatesName, ownLastStatesOf } from '../../onnx/foreign/probeGraph'
import type { Feeds, Runtime, Session } from '../forward/runtime'

/** Tokens of the sequences that are run. */
const LENGTH = 6
const SHORT_LENGTH = 4
/** Position of the changed token, which has neighbours on both sides. */
const CHANGED = 3

/**
 * Tolerances relative to the largest number of the state: rounding of one embedding, and of a whole forward in another
 * shape.
 */
const SAME_EMBEDDING = 1e-5
const SAME_FORWARD = 1e-3

/** Holds what running a file has shown. */
export interface Verified {
  /** true if a change reaches only later positions. */
  readonly causal: boolean
}

function broken(reason: string): never {
  fail('unsupported-model', `The hidden states found in this file do not behave as such: ${reason}.`, {
    advice: 'Open the weights as safetensors instead, where the model has them.',
  })
}

/** Holds the states of one run, h_0..h_L, each [b, n, d]. */
interface Run {
  readonly states: readonly Float32Array[]
  readonly distances: Float32Array
  readonly ownLastStates: Float32Array | null
}

/**
 * Runs three short texts and checks that what was found by structure behaves as hidden states: shapes and finite
 * numbers; h_0 of a position depends on its token and place alone; a change reaches others by attention; a text gives
 * the same alone and in a batch; distances are those of the states; the last states are the file's own where it gives
 * any.
 *
 * @param session of writeProbeGraph
 * @throws FailureError `unsupported-model` with the first thing that is not so
 */
export async function verifyForeign(
  runtime: Runtime,
  session: Session,
  foreign: ForeignGraph,
): Promise<Verified> {
  const { layers, width, vocabularySize } = foreign
  // Words stand in the middle of a vocabulary; special tokens, which some families treat apart, at its ends.
  const word = (i: number) => (Math.floor(vocabularySize / 2) + i) % vocabularySize
  const text = Array.from({ length: LENGTH }, (_, i) => word(i))
  const changed = text.with(CHANGED, word(LENGTH))
  const shorter = text.slice(0, SHORT_LENGTH).with(1, word(LENGTH + 1))
  const run = (batch: readonly (readonly number[])[], reference?: readonly Float32Array[]) =>
    runOnce(runtime, session, foreign, batch, reference)

  const together = await run([text, changed])
  const alone = await run([text])
  const measured = await run([changed], alone.states)
  const short = await run([shorter])

  const rowOf = ({ states }: Run, layer: number, length: number, sequence: number, position: number) => {
    const start = (sequence * length + position) * width
    return states[layer].subarray(start, start + width)
  }
  for (let position = 0; position < LENGTH; position++) {
    const moved = difference(rowOf(together, 0, LENGTH, 0, position), rowOf(together, 0, LENGTH, 1, position))
    if (position === CHANGED && moved < SAME_EMBEDDING) broken('h_0 does not change with its token')
    if (position !== CHANGED && moved > SAME_EMBEDDING) broken('h_0 of a token depends on other tokens')
  }
  for (const position of [0, 2, 3]) {
    const moved = difference(
      rowOf(together, 0, LENGTH, 0, position),
      rowOf(short, 0, SHORT_LENGTH, 0, position),
    )
    if (moved > SAME_EMBEDDING) broken('h_0 of a token depends on the rest of the text')
  }
  for (let layer = 0; layer <= layers; layer++) {
    const inBatch = together.states[layer].subarray(0, LENGTH * width)
    if (difference(inBatch, alone.states[layer]) > SAME_FORWARD) {
      broken('a text gives other numbers in a batch than alone')
    }
    if (layer > 0 && difference(alone.states[layer - 1], alone.states[layer]) === 0) {
      broken(`h_${layer} is h_${layer - 1}`)
    }
    checkDistances(alone.states[layer], measured.states[layer], measured.distances, layer, width)
  }
  if (alone.ownLastStates && difference(alone.ownLastStates, alone.states[layers]) > SAME_FORWARD) {
    broken('the last is not what the file gives as its last hidden states')
  }
  const reaches = (position: number) =>
    difference(rowOf(together, layers, LENGTH, 0, position), rowOf(together, layers, LENGTH, 1, position)) >
    SAME_EMBEDDING
  const after = [CHANGED + 1, LENGTH - 1].some(reaches)
  const before = [0, CHANGED - 1].some(reaches)
  if (!before && !after) broken('a change reaches no other position')
  return { causal: !before }
}

async function runOnce(
  runtime: Runtime,
  session: Session,
  foreign: ForeignGraph,
  batch: readonly (readonly number[])[],
  reference?: readonly Float32Array[],
): Promise<Run> {
  const { layers, width, head, vocabularySize } = foreign
  const dims = [batch.length, batch[0].length]
  const size = batch[0].length * width
  const feeds: Record<string, Feeds[string]> = { input_ids: runtime.int64(batch.flat(), dims) }
  for (let layer = 0; layer <= layers; layer++) {
    const states = reference?.[layer] ?? new Float32Array(size)
    feeds[referenceName(layer)] = runtime.float(states, [1, dims[1], width])
  }
  if (head.kind === 'tokens') feeds.logit_positions = runtime.int64([1], [1])
  const shapes: Record<string, readonly number[]> = { distances: [dims[0], layers + 1, dims[1]] }
  for (let layer = 0; layer <= layers; layer++) shapes[hiddenStatesName(layer)] = [...dims, width]
  const hasOwn = ownLastStatesOf(foreign) !== undefined
  if (hasOwn) shapes[ownLastStatesName] = [...dims, width]
  if (head.kind === 'classification') shapes.logits = [dims[0], head.labels]
  if (head.kind === 'tokens') shapes.token_logits = [dims[0], 1, vocabularySize]
  const results = await session.run(feeds, Object.keys(shapes))
  for (const [name, shape] of Object.entries(shapes)) {
    const actual = results[name].dims
    if (actual.join() !== shape.join()) broken(`${name} has shape [${actual}], not [${shape}]`)
    if (!(results[name].data as Float32Array).every(Number.isFinite)) {
      broken(`${name} has numbers that are not finite`)
    }
  }
  const floats = (name: string) => results[name].data as Float32Array
  return {
    states: Array.from({ length: layers + 1 }, (_, layer) => floats(hiddenStatesName(layer))),
    distances: floats('distances'),
    ownLastStates: hasOwn ? floats(ownLastStatesName) : null,
  }
}

function checkDistances(
  original: Float32Array,
  changed: Float32Array,
  distances: Float32Array,
  layer: number,
  width: number,
): void {
  const scale = largest(original) * Math.sqrt(width)
  for (let position = 0; position < LENGTH; position++) {
    const start = position * width
    let squares = 0
    for (let i = start; i < start + width; i++) squares += (changed[i] - original[i]) ** 2
    const error = Math.abs(Math.sqrt(squares) - distances[layer * LENGTH + position])
    if (error > SAME_EMBEDDING * scale) broken(`the distances of layer ${layer} are not those of its states`)
  }
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12)
}

/** Returns the largest difference of two rows, relative to their largest number. */
function difference(a: Float32Array, b: Float32Array): number {
  const scale = Math.max(largest(a), largest(b))
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / scale
}
