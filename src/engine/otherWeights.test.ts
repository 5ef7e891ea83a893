import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { predictionKind } from '../core/measures/prediction'
import { readSafetensorsHeader } from '../weights/safetensors'
import { createCorpusEngine } from './corpusEngine'
import { createNodeRuntime } from './forward/nodeRuntime'
import type { ModelFiles } from './modelFiles'
import { openModel } from './openedModel'
import { readModelFiles } from './sources/nodeFolder'

const folder = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))
const filesOf = (name: string) => readModelFiles(folder(name))
const open = (files: ModelFiles) => openModel(createNodeRuntime(1), files)
const REQUEST = { inputIds: [2, 20, 21, 22, 3], substitutions: [{ position: 2, tokenId: 30 }] }

/** Writes the same weights, each number in eight bytes. */
async function widened(name: string): Promise<Blob> {
  const bytes = readFileSync(`${folder(name)}/model.safetensors`)
  const header: Record<string, object> = {}
  const parts: Float64Array<ArrayBuffer>[] = []
  let at = 0
  for (const { name: tensor, shape, offset, length } of (
    await readSafetensorsHeader(new Blob([bytes]))
  ).values()) {
    const values = Float64Array.from(
      new Float32Array(bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + length)),
    )
    header[tensor] = { dtype: 'F64', shape, data_offsets: [at, at + values.byteLength] }
    at += values.byteLength
    parts.push(values)
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  return new Blob([new BigUint64Array([BigInt(json.length)]), json, ...parts])
}

describe('weights in double precision', () => {
  it('give the numbers of the same weights in single precision', async () => {
    const files = await filesOf('tiny-bert')
    const [single, double] = [
      await open(files),
      await open({ ...files, weights: await widened('tiny-bert') }),
    ]
    const [a, b] = [await single.measure(REQUEST), await double.measure(REQUEST)]
    expect(double.info.provenance.precision).toBe('fp64 weights, fp32 compute')
    expect(b.distances).toEqual(a.distances)
    expect(b.logits).toEqual(a.logits)
    await single.release()
    await double.release()
  })
})

describe('half-precision weights that overflowed', () => {
  it('are said by the tensor that holds Inf, in Explore and in runs', async () => {
    const files = await filesOf('tiny-bert-f16')
    const bytes = new Uint8Array(await files.weights.arrayBuffer())
    const name = 'bert.encoder.layer.1.output.dense.weight'
    const tensor = (await readSafetensorsHeader(files.weights)).get(name)
    expect(tensor?.dtype).toBe('F16')
    new DataView(bytes.buffer).setUint16((tensor?.offset ?? 0) + 6, 0x7c00, true)
    const model = await open({ ...files, weights: new Blob([bytes]) })
    const said =
      /gives no numbers.*not finite: fp16 weights with Inf in bert\.encoder\.layer\.1\.output\.dense\.weight/
    await expect(model.measure(REQUEST)).rejects.toThrow(said)
    const engine = createCorpusEngine(model)
    await expect(
      engine.measureVariants(REQUEST.inputIds, [{ inputIds: [2, 20, 30, 22, 3] }], { together: true }),
    ).rejects.toThrow(said)
    await model.release()
  })
})

describe('a classifier', () => {
  it('says how its logits read, where it is not the usual way', async () => {
    const files = await filesOf('tiny-bert')
    const kindOf = async (more: object) => {
      const model = await open({ ...files, config: { ...(files.config as object), ...more } })
      await model.release()
      return predictionKind(model.info)
    }
    expect(await kindOf({})).toBe('softmax')
    expect(await kindOf({ problem_type: 'multi_label_classification' })).toBe('sigmoid')
    expect(await kindOf({ problem_type: 'regression' })).toBe('score')
  })
})
