import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { expect, it } from 'vitest'
import { GraphBuilder } from '../onnx/builder/graphBuilder'
import { Parameters } from '../onnx/builder/parameters'
import { activate } from '../onnx/layers/activation'
import { activation } from '../weights/modelConfigFields'
import { createNodeRuntime } from './forward/nodeRuntime'

const { x, y }: { x: number[]; y: Record<string, number[]> } = JSON.parse(
  readFileSync(new URL('../../fixtures/activations.json', import.meta.url), 'utf8'),
)

it.each(Object.entries(y))('%s is what transformers computes', async (name, expected) => {
  const builder = new GraphBuilder()
  const parameters = new Parameters(builder, { files: [], tensors: new Map() })
  const input = builder.input('input', 'float', [x.length])
  const output = activate({ builder, parameters, fusedAttention: false }, input, v.parse(activation, name))
  builder.output(builder.node('Identity', [output], { name: 'output' }), 'float', [x.length])
  const runtime = createNodeRuntime(1)
  const session = await runtime.open(builder.build())
  const { output: found } = await session.run({ input: runtime.float(Float32Array.from(x), [x.length]) }, [
    'output',
  ])
  for (const [i, value] of expected.entries()) expect(Number(found.data[i])).toBeCloseTo(value, 5)
  await session.release()
})
