import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseModelConfig } from '../onnx/families'
import { type Checkpoint, openCheckpoint } from '../weights/checkpoint'
import { openTorchCheckpoint } from '../weights/torchCheckpoint'
import { createNodeRuntime } from './forward/nodeRuntime'
import { openParts } from './modelParts'

const fixture = (path: string) => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url))

describe('a model over a file of torch.save', () => {
  it.each(['f32', 'f16'])('gives the numbers of its safetensors file: %s', async (type) => {
    const folder = type === 'f32' ? 'tiny-bert' : `tiny-bert-${type}`
    const json = JSON.parse(fixture(`${folder}/config.json`).toString('utf8'))
    const config = parseModelConfig({ ...json, num_hidden_layers: 1 })
    const runtime = createNodeRuntime(1)
    const run = async (checkpoint: Checkpoint) => {
      const parts = await openParts(runtime, runtime, config, checkpoint)
      const encoding = await parts.encoder.encode([2, 17, 40, 9, 3])
      const candidates = await parts.wordTable.candidates([{ tokenId: 17, position: 1 }], 5, [])
      await parts.release()
      return { encoding, candidates }
    }
    const weights = new Blob([fixture(`${folder}/model.safetensors`)])
    const expected = await run(await openCheckpoint('model.safetensors', weights))
    const name = 'pytorch_model.bin'
    const found = await run(await openTorchCheckpoint(name, new Blob([fixture(`torch/${type}.bin`)])))
    expect(expected.encoding.logits).toHaveLength(2)
    expect(expected.encoding.norms.every((norm) => norm > 0)).toBe(true)
    expect(found).toEqual(expected)
  })
})
