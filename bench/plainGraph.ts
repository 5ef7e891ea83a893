import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GraphBuilder } from '../src/onnx/builder/graphBuilder'
import { parseModelConfig, transformerOf } from '../src/onnx/families'
import { positionsOf } from '../src/onnx/layers/positions'
import { openCheckpoint } from '../src/weights/checkpoint'

const WEIGHTS = 'model.safetensors'

/** Writes a model as an exporter writes it: ids in, all hidden states out, attention in ONNX's standard operators. */
export async function writePlainGraph(folder: string) {
  const config = parseModelConfig(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')))
  const weights = new Blob([new Uint8Array(await readFile(join(folder, WEIGHTS)))])
  const checkpoint = await openCheckpoint(WEIGHTS, weights)
  const builder = new GraphBuilder()
  const transformer = transformerOf(builder, config, checkpoint, { fusedAttention: false })
  const inputIds = builder.input('input_ids', 'int64', ['batch', 'sequence'])
  const nameOf = (layer: number) => `hidden_states.${layer}`
  const states = [transformer.embeddings(inputIds, positionsOf(builder, inputIds), nameOf(0))]
  for (let layer = 0; layer < config.layers; layer++) {
    const name = nameOf(layer + 1)
    const last = layer === config.layers - 1
    const own = transformer.layer(layer, states[layer], last ? 'last_layer' : name)
    states.push(last ? builder.node('Identity', [transformer.finalNorm(own)], { name }) : own)
  }
  for (const state of states) builder.output(state, 'float', ['batch', 'sequence', config.width])
  return { bytes: builder.build(), checkpoint, outputs: states.map((state): string => state) }
}
