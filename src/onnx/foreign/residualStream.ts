import { Dominators } from './dominators'
import type { GraphIndex } from './graphIndex'
import { unread } from './refusals'
import { hasName, type Step, stepsOf } from './steps'

/** Operators of attention: the softmax over positions, or the runtime's fused operators. */
const ATTENTION = new Set([
  'Softmax',
  'Attention',
  'MultiHeadAttention',
  'GroupQueryAttention',
  'DecoderMaskedMultiHeadAttention',
  'PackedAttention',
  'PackedMultiHeadAttention',
])

/** Operators that apply weights to the stream; a skip connection around none is a formula written out. */
const PRODUCTS = new Set([...ATTENTION, 'MatMul', 'Gemm', 'FusedMatMul', 'MatMulNBits', 'Conv'])

const SUMS = new Set(['Add', 'Sum'])
/** Most summands of a fused norm: the state, the part's result and a bias, besides its scale. */
const MOST_SUMMANDS = 5

/** Operators of a norm: through them a state passes position by position, in its own shape. */
const ELEMENTWISE = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Cast',
  'LayerNormalization',
  'SimplifiedLayerNormalization',
  'RMSNormalization',
])

/** Names the values of a graph's hidden states. */
export interface ResidualStream {
  /** h_0..h_L */
  readonly hiddenStates: readonly string[]
  /** The output that they lead to. */
  readonly output: string
  /** true if the norm of a layer comes after its sum, as in BERT; false if before its parts, as in GPT-2. */
  readonly postNorm: boolean
}

/** Describes a skip connection: the state goes around a part of a layer and is added to the part's result. */
interface Skip {
  /** Index of the state, and of the sum, in the chain of values that every path passes. */
  readonly from: number
  readonly to: number
}

function notUnderstood(reason: string): never {
  unread(`The hidden states cannot be found in this graph: ${reason}.`)
}

/**
 * Finds h_0..h_L by what the graph does, whatever its names. The residual stream is what every way from the word's row
 * to the answer passes (its dominators). A layer begins where a value of the stream goes around a part with attention:
 * that value is h_l. h_L is what the last sum becomes by its norm, as transformers reports it.
 *
 * @param source the words' rows as they leave the table
 * @throws FailureError `unsupported-model` where the graph is no such stack of layers
 */
export function findResidualStream(graph: GraphIndex, source: string): ResidualStream {
  const steps = stepsOf(graph)
  const dominators = new Dominators(steps, source)
  const found = graph.outputs
    .filter(({ name }) => dominators.reaches(name))
    .map(({ name }) => ({ name, chain: dominators.chainTo(name) }))
    .map(({ name, chain }) => ({ name, chain, skips: skipsOf(steps, dominators, chain) }))
  if (found.length === 0) notUnderstood('no output depends on the words')
  const {
    name: output,
    chain,
    skips,
  } = found.reduce((best, one) => (one.skips.length > best.skips.length ? one : best))
  if (skips.length === 0) notUnderstood('no value goes around a part of a layer and is added to its result')
  for (const [i, { to }] of skips.entries()) {
    if (i + 1 < skips.length && skips[i + 1].from < to) notUnderstood('its skip connections overlap')
  }
  const attentions = attentionsAt(steps, dominators, chain)
  const end = skips[skips.length - 1].to
  if (attentions.some((at) => at < end && !skips.some(({ from, to }) => at >= from && at < to))) {
    notUnderstood('attention happens outside of its skip connections')
  }
  const starts = skips
    .map((skip, i) => ({ ...skip, i }))
    .filter(({ from, to }) => attentions.some((at) => at >= from && at < to))
  if (starts.length === 0) notUnderstood('no attention stands between its skip connections')
  const perLayer = starts.map(({ i }, layer) => (starts[layer + 1]?.i ?? skips.length) - i)
  if (new Set(perLayer).size > 1) notUnderstood('its layers are built differently from each other')
  const last = endOfStream(steps, chain, end)
  const hiddenStates = [...starts.map(({ from }) => chain[from]), chain[last]]
  if (!hiddenStates.every(hasName)) notUnderstood('a sum inside a fused norm has no name')
  return { hiddenStates, output, postNorm: skips.every(({ to }, i) => skips[i + 1]?.from !== to) }
}

function skipsOf(steps: readonly Step[], dominators: Dominators, chain: readonly string[]): Skip[] {
  const places = new Map(chain.map((value, i) => [value, i]))
  const products = steps
    .filter(({ op }) => PRODUCTS.has(op))
    .map((step) => dominators.lastBefore(step, places))
    .filter((place) => place !== undefined)
  const skips: Skip[] = []
  for (const { op, inputs, outputs } of steps) {
    const to = places.get(outputs[0])
    if (!SUMS.has(op) || to === undefined || inputs.length > MOST_SUMMANDS) continue
    const from = inputs
      .filter((input) => inputs.some((other) => other !== input && dominators.dominates(input, other)))
      .map((input) => places.get(input))
      .find((place) => place !== undefined)
    if (from === undefined || !products.some((place) => place >= from && place < to)) continue
    skips.push({ from, to })
  }
  return skips.sort((a, b) => a.from - b.from || a.to - b.to)
}

/** Returns for each attention the last value of the chain before it. */
function attentionsAt(steps: readonly Step[], dominators: Dominators, chain: readonly string[]): number[] {
  const places = new Map(chain.map((value, i) => [value, i]))
  return steps
    .filter(({ op }) => ATTENTION.has(op))
    .map((step) => dominators.lastBefore(step, places))
    .filter((place) => place !== undefined)
}

/**
 * Returns how far the chain continues from a sum position by position, through changes of shape before a norm (OPT).
 */
function endOfStream(steps: readonly Step[], chain: readonly string[], sum: number): number {
  const ops = new Map(steps.flatMap(({ op, outputs }) => outputs.map((output) => [output, op] as const)))
  let end = sum
  for (let at = sum + 1; at < chain.length; at++) {
    const op = ops.get(chain[at]) ?? ''
    if (ELEMENTWISE.has(op)) end = at
    else if (op !== 'Reshape') break
  }
  return end
}
