import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { FailureError } from '../../core/failure'
import {
  type GraphProto,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorShapeProto_DimensionSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../schema/onnx_pb'
import { chooseOnnxFile } from './chooseFile'
import { foreignFile, foreignNamed, readForeign } from './foreignFixture'
import { type ExpectedSizes, understandGraph } from './foreignGraph'
import type { OnnxFile } from './onnxFile'
import { readOnnxFile } from './onnxFile'

const readNamed = (name: string): Promise<OnnxFile> => readForeign(foreignNamed(name))

const opsOf = ({ graph }: OnnxFile) => new Set(graph.node.map(({ opType }) => opType))

function dimensionsOf({ type }: ValueInfoProto) {
  if (type?.value.case !== 'tensorType' || !type.value.value.shape) throw new TypeError('no tensor')
  return type.value.value.shape.dim
}

describe('understanding a graph', () => {
  it('reads what exporters and optimisers really write', async () => {
    const has = async (name: string, ...ops: string[]) => {
      const found = opsOf(await readNamed(name))
      for (const op of ops) expect(found, `${op} in ${name}`).toContain(op)
    }
    await has('bert.legacy-11.onnx', 'ReduceMean', 'Pow', 'Sqrt')
    await has('bert.fused.onnx', 'EmbedLayerNormalization', 'SkipLayerNormalization', 'Attention')
    await has('gpt2.fused.onnx', 'SkipLayerNormalization')
    await has('llama.genai.onnx', 'GroupQueryAttention', 'SkipSimplifiedLayerNormalization')
    await has('bert.int8-weights.onnx', 'DequantizeLinear')
    const merged = await readNamed('gpt2.merged.onnx')
    expect(opsOf(merged)).not.toContain('If')
    expect(merged.graph.input.map(({ name }) => name)).toContain('use_cache_branch')
  })

  it('knows inputs by what they feed, not by their names', async () => {
    const roles = async (name: string, rename: boolean) => {
      const file = await readNamed(name)
      const names = new Map(file.graph.input.map(({ name }, i) => [name, rename ? `x.${i}` : name]))
      const renamed = (value: string) => names.get(value) ?? value
      for (const input of file.graph.input) input.name = renamed(input.name)
      for (const node of file.graph.node) node.input = node.input.map(renamed)
      return understandGraph(file).inputs.map(({ role }) => role)
    }
    for (const name of ['bert.legacy-11.onnx', 'bert.fused.onnx', 'gpt2.merged.onnx', 'llama.genai.onnx']) {
      expect(await roles(name, true), name).toEqual(await roles(name, false))
    }
    expect(await roles('bert.fused.onnx', true)).toEqual(['input_ids', 'attention_mask', 'token_type_ids'])
    expect(await roles('gpt2.merged.onnx', true)).toEqual([
      'input_ids',
      'attention_mask',
      'position_ids',
      ...new Array(4).fill('past'),
      'unused',
    ])
  })

  it('tells norms behind the sum from norms before the parts', async () => {
    expect(understandGraph(await readNamed('bert.fused.onnx')).stream.postNorm).toBe(true)
    for (const name of ['gpt2.fused.onnx', 'gpt2.dynamo-18.onnx', 'llama.genai.onnx']) {
      expect(understandGraph(await readNamed(name)).stream.postNorm, name).toBe(false)
    }
  })

  type Change = (graph: GraphProto) => void
  const producerOf = (graph: GraphProto, op: string) => {
    const node = graph.node.find(({ opType }) => opType === op)
    if (!node) throw new TypeError(`there is no ${op}`)
    return node
  }
  it.each<[string, string, Change, ExpectedSizes, RegExp, string]>([
    [
      'fp16 compute',
      'bert.fp16.onnx',
      () => {},
      {},
      /computes in 16-bit floating point/,
      'unsupported-model',
    ],
    [
      'dynamic int8',
      'bert.quantized.onnx',
      () => {},
      {},
      /8-bit integers .*DynamicQuant/,
      'unsupported-model',
    ],
    [
      'other layers',
      'bert.slim.onnx',
      () => {},
      { layers: 4 },
      /layers of 3; config\.json says 4/,
      'unsupported-model',
    ],
    [
      'another width',
      'bert.slim.onnx',
      () => {},
      { width: 32 },
      /width of 16.* says 32/,
      'unsupported-model',
    ],
    [
      'another vocabulary',
      'bert.slim.onnx',
      () => {},
      { vocabularySize: 161 },
      /vocabulary of 160.* says 161/,
      'unsupported-model',
    ],
    [
      'a fixed length',
      'bert.slim.onnx',
      ({ input: [ids] }) => {
        dimensionsOf(ids)[1] = create(TensorShapeProto_DimensionSchema, {
          value: { case: 'dimValue', value: 128n },
        })
      },
      {},
      /exactly 128 tokens at a time/,
      'unsupported-model',
    ],
    [
      'an input that is not known',
      'bert.slim.onnx',
      ({ input, node }) => {
        input.push(create(ValueInfoProtoSchema, { name: 'langs', type: input[0].type }))
        node.push(create(NodeProtoSchema, { opType: 'NonZero', input: ['langs'], output: ['used'] }))
      },
      {},
      /input "langs" that is not understood/,
      'unsupported-model',
    ],
    [
      'no words',
      'bert.slim.onnx',
      (graph) => {
        for (const node of graph.node) if (node.opType === 'Gather') node.opType = 'GatherND'
      },
      {},
      /seems to read no tokens/,
      'unsupported-model',
    ],
    [
      'no attention',
      'bert.slim.onnx',
      (graph) => {
        for (const node of graph.node) if (node.opType === 'Softmax') node.opType = 'Identity'
      },
      {},
      /no attention stands/,
      'unsupported-model',
    ],
    [
      'a layer without its skip connection',
      'bert.slim.onnx',
      (graph) => {
        const norms = graph.node.filter(({ opType }) => opType === 'LayerNormalization')
        // The second norm comes after the first layer's attention.
        const sum = graph.node.find(({ output }) => output[0] === norms[1].input[0])
        if (sum) sum.opType = 'Mul'
      },
      {},
      /attention happens outside/,
      'unsupported-model',
    ],
    [
      'a graph in a circle',
      'bert.slim.onnx',
      (graph) => {
        producerOf(graph, 'Softmax').input[0] = graph.output[0].name
      },
      {},
      /goes in a circle/,
      'damaged-file',
    ],
    [
      'a value that nothing makes',
      'bert.slim.onnx',
      (graph) => {
        producerOf(graph, 'Softmax').input[0] = 'nothing'
      },
      {},
      /"nothing" that nothing makes/,
      'damaged-file',
    ],
    [
      'a value made twice',
      'bert.slim.onnx',
      (graph) => {
        const { input, output } = producerOf(graph, 'Softmax')
        graph.node.push(create(NodeProtoSchema, { opType: 'Exp', input, output }))
      },
      {},
      /twice/,
      'damaged-file',
    ],
  ])('refuses %s', async (_, name, change, expected, message, kind) => {
    const file = await readNamed(name)
    change(file.graph)
    const understand = () => understandGraph(file, expected)
    expect(understand).toThrow(message)
    try {
      understand()
    } catch (thrown) {
      expect((thrown as FailureError).failure.kind).toBe(kind)
    }
  })

  it('refuses a file whose external data is not there', async () => {
    const read = readOnnxFile(await foreignFile('bert.external.onnx'))
    await expect(read).rejects.toThrow(/lie in "bert\.external\.onnx_data"/)
  })

  it('points to no other file than the model has', async () => {
    const file = await readNamed('bert.external.onnx')
    const names = new Set(file.files.map(({ name }) => name))
    const external = file.graph.initializer.flatMap(({ externalData }) => externalData)
    const places = external.filter(({ key }) => key === 'location').map(({ value }) => value)
    expect(places.length).toBeGreaterThan(10)
    for (const place of places) expect(names).toContain(place)
  })

  it('takes the hidden states as 32-bit floats only', async () => {
    const file = await readNamed('bert.slim.onnx')
    const { stream, index } = understandGraph(file)
    for (const state of stream.hiddenStates) expect(index.typeOf(state)).toBe(TensorProto_DataType.FLOAT)
  })
})

describe('choosing among the files of a model', () => {
  const candidates = (...names: string[]) =>
    Promise.all(names.map(async (name) => ({ file: await foreignFile(name) })))

  it('takes fp32 weights before fp16 ones, and these before integers, in any order', async () => {
    const names = [
      'bert.quantized.onnx',
      'bert.int8-weights.onnx',
      'bert.fp16-weights.onnx',
      'bert.fp16.onnx',
    ]
    const all = await candidates(...names, 'bert.slim.onnx')
    expect((await chooseOnnxFile(all)).file.name).toBe('bert.slim.onnx')
    const { file, fitness, passedOver } = await chooseOnnxFile(all.slice(0, 4).reverse())
    expect(file.name).toBe('bert.fp16-weights.onnx')
    expect(fitness.precision).toBe('fp16 weights, fp32 compute')
    expect(passedOver.map(({ name }) => name).sort()).toEqual(
      names.filter((name) => name !== 'bert.fp16-weights.onnx').sort(),
    )
    expect(passedOver.find(({ name }) => name === 'bert.int8-weights.onnx')?.reason).toMatch(/less exact/)
  })

  it('passes over what cannot be read', async () => {
    const broken = { file: { name: 'broken.onnx', blob: new Blob(['<html>']) } }
    const { file, passedOver } = await chooseOnnxFile([broken, ...(await candidates('bert.slim.onnx'))])
    expect(file.name).toBe('bert.slim.onnx')
    expect(passedOver).toHaveLength(1)
    await expect(chooseOnnxFile([broken])).rejects.toThrow(FailureError)
  })

  it('says of each why none does', async () => {
    const unfit = await candidates('bert.quantized.onnx', 'bert.fp16.onnx')
    const refusal = chooseOnnxFile(unfit)
    await expect(refusal).rejects.toThrow(/bert\.quantized\.onnx: It rounds activations to 8-bit/)
    await expect(refusal).rejects.toThrow(/bert\.fp16\.onnx: It computes in 16-bit/)
    await expect(chooseOnnxFile([])).rejects.toThrow(/no ONNX file/)
  })
})
