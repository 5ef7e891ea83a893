import { create, toBinary } from '@bufbuild/protobuf'
import { type Dims, type ElementType, inlineTensor, valueInfo } from '../builder/protos'
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataType,
} from '../schema/onnx_pb'
import { renamed } from './branches'
import type { ForeignGraph } from './foreignGraph'
import { inputsOf } from './graphIndex'
import { type GraphInput, mayBeLeftOut } from './inputRoles'
import { type Attributes, exactWave, isFloatWave, push, sorted } from './probeNodes'
import { unread } from './refusals'

/** Opset from which on the axes of reductions are an input. */
const AXES_AS_INPUT = 18

/** Keeps the file's names apart from ours. */
const inFile = (name: string) => `file/${name}`

/** Writes nodes of our own around those of the file. */
export class ProbeWriter {
  readonly #foreign: ForeignGraph
  readonly #before: NodeProto[] = []
  readonly #after: NodeProto[] = []
  readonly #constants = new Map<string, TensorProto>()
  readonly #graph = create(GraphProtoSchema, { name: 'ripplescope' })
  readonly #wanted = new Set<string>()
  /** Inputs of the file's nodes that replace a value of the file: per node, by the value's name. */
  readonly #detours = new Map<NodeProto, ReadonlyMap<string, string>>()

  constructor(foreign: ForeignGraph) {
    this.#foreign = foreign
  }

  input(name: string, type: ElementType, dims: Dims): string {
    this.#graph.input.push(valueInfo(name, type, dims))
    return name
  }

  output(name: string, type: ElementType, dims: Dims): void {
    this.#graph.output.push(valueInfo(name, type, dims))
  }

  constant(type: ElementType, values: readonly number[], dims: readonly number[] = [values.length]): string {
    const name = `constant.${type}.${values.join('.')}.of.${dims.join('x')}`
    if (!this.#constants.has(name)) this.#constants.set(name, inlineTensor(name, type, values, dims))
    return name
  }

  /** Returns a value of the file, which is then computed. */
  fromFile(value: string): string {
    this.#wanted.add(value)
    return inFile(value)
  }

  /** Writes a node before those of the file. Its output may be a value that the file lacks: an input's. */
  before(opType: string, inputs: readonly string[], output: string, attributes?: Attributes): string {
    return push(this.#before, opType, inputs, output, attributes)
  }

  after(opType: string, inputs: readonly string[], output: string, attributes?: Attributes): string {
    return push(this.#after, opType, inputs, output, attributes)
  }

  /** Lets these nodes of the file take another value instead of one of the file's. */
  detour(nodes: Iterable<NodeProto>, value: string, instead: string): void {
    for (const node of nodes) {
      this.#detours.set(node, new Map([...(this.#detours.get(node) ?? []), [value, instead]]))
    }
  }

  /** Writes a node of the file once more, with another first input and another name for its result. */
  copy(node: NodeProto, input: string, output: string): string {
    const copied = renamed(node, (name) => {
      if (name === node.input[0]) return input
      return name === node.output[0] ? output : this.fromFile(name)
    })
    this.#before.push(copied)
    return output
  }

  /** Writes l2 norms over the last axis of float [b, n, d], as [b, 1, n]. */
  normsByPosition(value: string, name: string): string {
    const asInput = this.#foreign.file.opset >= AXES_AS_INPUT
    const norms = this.after(
      'ReduceL2',
      asInput ? [value, this.constant('int64', [2])] : [value],
      `${name}.column`,
      asInput ? { keepdims: 1 } : { keepdims: 1, axes: [2] },
    )
    return this.after('Transpose', [norms], name, { perm: [0, 2, 1] })
  }

  /** Feeds every input of the file that is computed: ids from `input_ids`, the rest as for a text without padding. */
  feed(inputIds: string): void {
    for (const input of this.#foreign.inputs) this.#feedOne(input, inputIds)
  }

  /** Builds the graph from the nodes of the file that the wanted values depend on, those of detours included. */
  build(): Uint8Array {
    const { index, file } = this.#foreign
    const nodes = new Set<NodeProto>()
    for (const value of this.#wanted) {
      const node = index.producerOf(value)
      if (!node || nodes.has(node)) continue
      nodes.add(node)
      for (const input of inputsOf(node)) this.#wanted.add(input)
    }
    const ofFile = index.nodes
      .filter((node) => nodes.has(node))
      .flatMap((node) => {
        const detours = this.#detours.get(node)
        const own = renamed(node, (name) => detours?.get(name) ?? inFile(name))
        return isFloatWave(index, node) ? this.#exactly(own) : [own]
      })
    const all = [...this.#before, ...ofFile, ...this.#after]
    this.#graph.node = sorted(all)
    this.#graph.initializer = [
      ...[...index.initializers.values()]
        .filter(({ name }) => this.#wanted.has(name))
        .map((tensor) => ({ ...tensor, name: inFile(tensor.name) })),
      ...this.#constants.values(),
    ]
    const { irVersion, opsetImport, functions } = file.model
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion,
        opsetImport,
        functions,
        producerName: 'ripplescope',
        graph: this.#graph,
      }),
    )
  }

  #exactly(node: NodeProto): NodeProto[] {
    return exactWave(node, (value) => this.constant('float', [value], []))
  }

  #feedOne({ name, role, type, dims }: GraphInput, inputIds: string): void {
    const { INT64 } = TensorProto_DataType
    const value = inFile(name)
    const as = (made: string) => this.before('Cast', [made], value, { to: type })
    const shape = () => this.before('Shape', [inputIds], `${value}.shape`)
    const filled = (number: number) =>
      this.before('ConstantOfShape', [shape()], `${value}.filled`, {
        value: inlineTensor('', 'int64', [number], [1]),
      })
    switch (role) {
      case 'input_ids':
        this.before(
          type === INT64 ? 'Identity' : 'Cast',
          [inputIds],
          value,
          type === INT64 ? {} : { to: type },
        )
        return
      case 'attention_mask':
        as(filled(1))
        return
      case 'token_type_ids':
        as(filled(0))
        return
      case 'position_ids':
        if (this.#foreign.paddingIdx === undefined) {
          as(this.#positions(inputIds, value, dims.length === 1 ? null : filled(0)))
        } else if (dims.length === 1) {
          unread(
            `The file takes one row of ${name} for all texts, but its family counts positions from the ids.`,
          )
        } else {
          as(this.#countedPositions(inputIds, value, this.#foreign.paddingIdx))
        }
        return
      case 'past': {
        const { index } = this.#foreign
        if (mayBeLeftOut(index, name)) this.detour(index.consumersOf(name), name, '')
        else as(this.#nothingPast(shape(), value, dims))
        return
      }
      case 'flag': {
        const zeros = this.constant('int64', [0], dims.length === 0 ? [] : [1])
        as(zeros)
      }
    }
  }

  /** Writes int64 [n] from 0, or with `zeros` [b, n] as [b, n]. */
  #positions(inputIds: string, value: string, zeros: string | null): string {
    const row = this.before('Gather', [inputIds, this.constant('int64', [0], [])], `${value}.row`, {
      axis: 0,
    })
    const count = this.before('Size', [row], `${value}.count`)
    const [zero, one] = [0, 1].map((number) => this.constant('int64', [number], []))
    const range = this.before('Range', [zero, count, one], `${value}.range`)
    return zeros ? this.before('Add', [zeros, range], `${value}.positions`) : range
  }

  /**
   * Writes int64 [b, n] as transformers counts them (`create_position_ids_from_input_ids`): `paddingIdx` at padding, the
   * tokens from `paddingIdx + 1`.
   */
  #countedPositions(inputIds: string, value: string, paddingIdx: number): string {
    const [padding, axis] = [paddingIdx, 1].map((number) => this.constant('int64', [number], []))
    const isPadding = this.before('Equal', [inputIds, padding], `${value}.padding`)
    const isToken = this.before('Not', [isPadding], `${value}.tokens`)
    const counted = this.before('Cast', [isToken], `${value}.counted`, { to: TensorProto_DataType.INT64 })
    const counts = this.before('CumSum', [counted, axis], `${value}.counts`)
    const places = this.before('Mul', [counts, counted], `${value}.places`)
    return this.before('Add', [places, padding], `${value}.positions`)
  }

  /** Writes an empty float of the input's shape: its first free size is the batch, the others are 0. */
  #nothingPast(shape: string, value: string, dims: readonly (number | null)[]): string {
    const batch = this.before('Gather', [shape, this.constant('int64', [0])], `${value}.batch`, { axis: 0 })
    const first = dims.indexOf(null)
    const sizes = dims.map((dim, i) => (i === first ? batch : this.constant('int64', [dim ?? 0])))
    const whole = this.before('Concat', sizes, `${value}.sizes`, { axis: 0 })
    return this.before('ConstantOfShape', [whole], `${value}.nothing`)
  }
}
