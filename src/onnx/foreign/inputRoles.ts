import { fail } from '../../core/failure'
import { TensorProto_DataType, type ValueInfoProto } from '../schema/onnx_pb'
import { elementTypeOf } from './branches'
import { type Lookup, lookupsOf } from './embeddingSource'
import type { GraphIndex } from './graphIndex'
import { quoted, unread } from './refusals'

const { INT32, INT64, BOOL, FLOAT, FLOAT16 } = TensorProto_DataType

/** Tables with at most this many rows tell segments apart; those of positions have more. */
const MOST_SEGMENTS = 8

/** Most inputs of a file; keys and values of 80 layers are 160. */
const MOST_INPUTS = 1000

/** Operators between positions and the angles computed from them. */
const ROTARY_CARRIERS = [
  'Mul',
  'MatMul',
  'Einsum',
  'Cast',
  'Unsqueeze',
  'Reshape',
  'Transpose',
  'Concat',
  'Expand',
  'Identity',
  'Gather',
]

/** Names the meaning of an input, and so the value that it is fed. */
export type InputRole =
  | 'input_ids'
  /** Ones: every token counts. */
  | 'attention_mask'
  /** Zeros: the first segment. */
  | 'token_type_ids'
  /** 0, 1, 2, ...; counted from the ids in families that do so. */
  | 'position_ids'
  /** Keys and values of earlier positions: none. */
  | 'past'
  /** False: there are no earlier keys and values. */
  | 'flag'
  /** Nothing takes it. */
  | 'unused'

export interface GraphInput {
  readonly name: string
  readonly role: InputRole
  /** ONNX's number of its element type. */
  readonly type: number
  /** Shape as the file declares it; null is a free size. */
  readonly dims: readonly (number | null)[]
}

/**
 * Finds the role of each input by its type, its shape and its consumers; a name only decides where these allow two
 * roles.
 *
 * @throws FailureError `unsupported-model` where an input is not understood
 */
export function inputRolesOf(graph: GraphIndex, words: Lookup): GraphInput[] {
  const lookups = lookupsOf(graph)
  if (graph.inputs.length > MOST_INPUTS) unread(`The file asks for ${graph.inputs.length} inputs.`)
  const taken = new Set<InputRole>()
  return graph.inputs.map((input) => {
    const type = elementTypeOf(input.type)
    const dims = dimsOf(input)
    const role = roleOf(graph, input.name, type, dims, words, lookups)
    if (role === 'input_ids' && (dims.length !== 2 || (dims[1] ?? 0) > 0)) {
      const reason =
        dims.length === 2 ? `it reads exactly ${dims[1]} tokens at a time` : `its ids have shape [${dims}]`
      fail('unsupported-model', `The file cannot be used: ${reason}.`, {
        advice: 'Export it with a free batch and sequence size.',
      })
    }
    if (taken.has(role) && role !== 'past' && role !== 'unused') unknownInput(input.name)
    taken.add(role)
    return { name: input.name, role, type, dims }
  })
}

function dimsOf({ type }: ValueInfoProto): (number | null)[] {
  const shape = type?.value.case === 'tensorType' ? type.value.value.shape : undefined
  return (shape?.dim ?? []).map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : null))
}

function roleOf(
  graph: GraphIndex,
  name: string,
  type: number,
  dims: readonly (number | null)[],
  words: Lookup,
  lookups: readonly Lookup[],
): InputRole {
  if (name === words.input) return 'input_ids'
  if (graph.consumersOf(name).length === 0) return 'unused'
  if (type === BOOL && dims.length <= 1) return 'flag'
  const free = dims.filter((dim) => dim === null).length
  if ((type === FLOAT || type === FLOAT16) && dims.length >= 4 && (free <= 2 || mayBeLeftOut(graph, name))) {
    return 'past'
  }
  const isIds = type === INT64 || type === INT32
  if (isIds && dims.length <= 2) {
    const table = lookups.find(({ input }) => input === name)?.table
    if (table) return Number(table.dims[0]) <= MOST_SEGMENTS ? 'token_type_ids' : 'position_ids'
    if (turnsHeads(graph, name)) return 'position_ids'
    if (isSegment(graph, name)) return 'token_type_ids'
  }
  if (dims.length === 2 && (isIds || type === BOOL || type === FLOAT) && isMask(graph, name))
    return 'attention_mask'
  return unknownInput(name)
}

function unknownInput(name: string): never {
  fail('unsupported-model', `The file asks for an input ${quoted(name)} that is not understood.`, {
    advice: 'Ids, a mask, segments, positions, and keys and values of earlier positions are supplied.',
  })
}

/** The runtime's operators that do without keys and values of earlier positions. */
const PAST_TAKERS = new Set(['GroupQueryAttention', 'MultiHeadAttention', 'Attention'])

/** Says whether no node needs the value, which is then fed empty. */
export function mayBeLeftOut(graph: GraphIndex, name: string): boolean {
  return graph.consumersOf(name).every(({ opType, domain }) => PAST_TAKERS.has(opType) && domain !== '')
}

/**
 * Says whether an input is positions of rotary embeddings: their sine is taken, or the runtime's operator takes them.
 */
function turnsHeads(graph: GraphIndex, name: string): boolean {
  return reaches(graph, name, ROTARY_CARRIERS, ['Sin', 'Cos', 'RotaryEmbedding'])
}

/** Says whether an input is segments that are made vectors without a table of their own: a one-hot of depth two. */
function isSegment(graph: GraphIndex, name: string): boolean {
  return reaches(graph, name, ['Cast', 'Reshape', 'Unsqueeze', 'Identity'], ['OneHot'])
}

/**
 * Says whether an input is a mask: it ends in the scores of attention, by a sum, a choice or the runtime's own
 * operators.
 */
function isMask(graph: GraphIndex, name: string): boolean {
  const ends = [
    'Softmax',
    'Attention',
    'MultiHeadAttention',
    'GroupQueryAttention',
    'EmbedLayerNormalization',
  ]
  return reaches(graph, name, null, ends)
}

/** Says whether a value reaches one of these operators, through these (null: through any). */
function reaches(
  graph: GraphIndex,
  from: string,
  through: readonly string[] | null,
  ends: readonly string[],
): boolean {
  const seen = new Set([from])
  for (const value of seen) {
    for (const node of graph.consumersOf(value)) {
      if (ends.includes(node.opType)) return true
      if (through && !through.includes(node.opType)) continue
      for (const output of node.output) seen.add(output)
    }
  }
  return false
}
