import { openAsBlob, readFileSync } from 'node:fs'
import { fromBinary } from '@bufbuild/protobuf'
import { beforeAll, describe, expect, it } from 'vitest'
import { FailureError } from '../core/failure'
import { type Checkpoint, openCheckpoint, openShards } from '../weights/checkpoint'
import type { ModelConfig } from '../weights/modelConfig'
import { writeEncoderGraph } from './encoderGraph'
import { parseModelConfig } from './families'
import { type GraphProto, ModelProtoSchema, TensorProto_DataLocation } from './schema/onnx_pb'
import { writeWordTableGraph } from './tables/wordTableGraph'

const folder = (name: string) => new URL(`../../fixtures/${name}/`, import.meta.url)

async function open(name: string): Promise<{ config: ModelConfig; checkpoint: Checkpoint }> {
  const config = parseModelConfig(JSON.parse(readFileSync(new URL('config.json', folder(name)), 'utf8')))
  const blob = await openAsBlob(new URL('model.safetensors', folder(name)))
  return { config, checkpoint: await openCheckpoint('model.safetensors', blob) }
}

function graphOf(bytes: Uint8Array): GraphProto {
  const { graph } = fromBinary(ModelProtoSchema, bytes)
  if (!graph) throw new TypeError('no graph')
  return graph
}

describe('the encoder graph', () => {
  let tiny: Awaited<ReturnType<typeof open>>
  beforeAll(async () => {
    tiny = await open('tiny-bert')
  })

  it('points into the weights file and holds no weight itself', () => {
    const { bytes } = writeEncoderGraph(tiny.config, tiny.checkpoint)
    const external = graphOf(bytes).initializer.filter(
      ({ dataLocation }) => dataLocation === TensorProto_DataLocation.EXTERNAL,
    )
    expect(external.map(({ name }) => name).sort()).toEqual(
      [...tiny.checkpoint.tensors.keys()].filter((name) => !name.includes('position_ids')).sort(),
    )
    for (const { name, externalData, dims } of external) {
      const entries = Object.fromEntries(externalData.map(({ key, value }) => [key, value]))
      const tensor = tiny.checkpoint.tensors.get(name)
      expect(entries).toEqual({
        location: 'model.safetensors',
        offset: String(tensor?.offset),
        length: String(tensor?.length),
      })
      expect(dims.map(Number)).toEqual(tensor?.shape)
    }
    const inside = graphOf(bytes).initializer.filter(({ dataLocation }) => !dataLocation)
    for (const { dims } of inside) expect(dims.reduce((size, dim) => size * Number(dim), 1)).toBeLessThan(4)
  })

  it('gives every hidden state, the distances and the logits', () => {
    const graph = graphOf(writeEncoderGraph(tiny.config, tiny.checkpoint).bytes)
    expect(graph.input.map(({ name }) => name)).toEqual([
      'input_ids',
      'reference.0',
      'reference.1',
      'reference.2',
      'reference.3',
      'first_row',
      'patched.0',
      'patched.1',
      'patched.2',
      'head_only',
      'head_states',
      'patched.3',
      'measured_rows',
    ])
    expect(graph.output.map(({ name }) => name)).toEqual([
      'hidden_states.0',
      'hidden_states.1',
      'hidden_states.2',
      'hidden_states.3',
      'first_states.0',
      'first_states.1',
      'first_states.2',
      'first_states.3',
      'distances',
      'norms',
      'logits',
    ])
    const outputs = graph.node.flatMap(({ output }) => output)
    expect(new Set(outputs).size).toBe(outputs.length)
  })

  it('gives no logits where the file has no head', async () => {
    const { config, checkpoint } = await open('tiny-bert-bare')
    const { bytes, hasLogits } = writeEncoderGraph(config, checkpoint)
    expect(hasLogits).toBe(false)
    expect(graphOf(bytes).output.map(({ name }) => name)).not.toContain('logits')
  })

  it('numbers the labels that config.json does not name', () => {
    const { labels } = writeEncoderGraph({ ...tiny.config, labels: ['bad'] }, tiny.checkpoint)
    expect(labels).toEqual(['bad', 'LABEL_1'])
  })

  it('takes the head that the weights have where config.json names none', () => {
    expect(writeEncoderGraph({ ...tiny.config, statedHead: null }, tiny.checkpoint).head).toBe(
      'classification',
    )
    expect(writeEncoderGraph({ ...tiny.config, statedHead: 'masked-lm' }, tiny.checkpoint).head).toBe('none')
  })

  it('points into each shard under its own name', async () => {
    const shards = await Promise.all(
      ['model.safetensors', 'masked-lm.safetensors'].map(async (name) => ({
        name,
        blob: await openAsBlob(new URL(name, folder('tiny-distilbert'))),
      })),
    )
    const json: object = JSON.parse(readFileSync(new URL('config.json', folder('tiny-distilbert')), 'utf8'))
    const config = parseModelConfig({ ...json, architectures: ['DistilBertForMaskedLM'] })
    const graph = graphOf(writeEncoderGraph(config, await openShards(shards)).bytes)
    const fileOf = (tensor: string) =>
      graph.initializer
        .find(({ name }) => name === tensor)
        ?.externalData.find(({ key }) => key === 'location')?.value
    expect(fileOf('distilbert.embeddings.word_embeddings.weight')).toBe('model.safetensors')
    expect(fileOf('vocab_transform.weight')).toBe('masked-lm.safetensors')
    expect(graph.input.map(({ name }) => name)).toContain('logit_positions')
    expect(graph.output.map(({ name }) => name)).toContain('token_logits')
    await expect(openShards([shards[0], { ...shards[0], name: 'again' }])).rejects.toThrow(
      /lies in model\.safetensors and in again/,
    )
  })

  it('reads the word table in blocks that cover it once', async () => {
    const { config, checkpoint } = await open('tiny-bert-int8')
    const graph = graphOf(writeWordTableGraph({ ...config }, checkpoint))
    const blocks = graph.initializer.filter(({ name }) => /word_embeddings\.weight\.rows_/.test(name))
    expect(blocks.reduce((rows, { dims }) => rows + Number(dims[0]), 0)).toBe(config.vocabularySize)
  })

  it('refuses a config that does not fit the weights, and names the tensor', () => {
    expect(() => writeEncoderGraph({ ...tiny.config, intermediate: 128 }, tiny.checkpoint)).toThrow(
      /intermediate\.dense\.weight has shape \[64,32\]; config\.json asks for \[128,32\]/,
    )
    expect(() => writeEncoderGraph({ ...tiny.config, layers: 4 }, tiny.checkpoint)).toThrow(FailureError)
  })
})
