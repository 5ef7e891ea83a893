import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseModelConfig } from '../onnx/families'
import { FOREIGN, foreignFile } from '../onnx/foreign/foreignFixture'
import { openTorchCheckpoint } from '../weights/torchCheckpoint'
import { createNodeRuntime } from './forward/nodeRuntime'
import { type ModelParts, openParts } from './modelParts'
import { itAgreesWithTransformers } from './routeFixture'

const runtime = createNodeRuntime(1)

describe.each(Object.entries(FOREIGN.models))('%s.bin against transformers', (name, expected) => {
  let parts: ModelParts

  beforeAll(async () => {
    const { blob } = await foreignFile(`${name}.bin`)
    const checkpoint = await openTorchCheckpoint('pytorch_model.bin', blob)
    parts = await openParts(runtime, runtime, parseModelConfig(expected.config), checkpoint)
  })
  afterAll(() => parts?.release())

  it('has its head', () => {
    expect(parts.head).toBe(expected.head)
  })

  itAgreesWithTransformers(() => parts, { expected, relative: 1e-4, exact: true })
})
