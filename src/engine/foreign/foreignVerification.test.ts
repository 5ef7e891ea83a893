import { describe, expect, it } from 'vitest'
import { foreignNamed, readForeign } from '../../onnx/foreign/foreignFixture'
import { type ForeignGraph, understandGraph } from '../../onnx/foreign/foreignGraph'
import { writeProbeGraph } from '../../onnx/foreign/probeGraph'
import { createNodeRuntime } from '../forward/nodeRuntime'
import { verifyForeign } from './foreignVerification'

const runtime = createNodeRuntime(1)

/** Verifies a file of which something else was understood. */
async function verify(name: string, change: (graph: ForeignGraph) => ForeignGraph = (graph) => graph) {
  const file = await readForeign(foreignNamed(name))
  const graph = change(understandGraph(file))
  const session = await runtime.open(writeProbeGraph(graph).bytes, { files: file.files, tensors: new Map() })
  try {
    return await verifyForeign(runtime, session, graph)
  } finally {
    await session.release()
  }
}

const withStates = (graph: ForeignGraph, pick: (states: readonly string[]) => readonly string[]) => ({
  ...graph,
  stream: { ...graph.stream, hiddenStates: pick(graph.stream.hiddenStates) },
})

const producing = (graph: ForeignGraph, op: string, at = 0) =>
  graph.index.nodes.filter(({ opType }) => opType === op)[at].output[0]

describe('verifying what was understood', () => {
  it('says whether a change reaches earlier positions', async () => {
    expect(await verify('bert-bare.dynamo-18.onnx')).toEqual({ causal: false })
    expect(await verify('gpt2.dynamo-18.onnx')).toEqual({ causal: true })
  })

  it.each<[string, string, (graph: ForeignGraph) => ForeignGraph, RegExp]>([
    [
      'h_0 taken behind the first layer',
      'bert.slim.onnx',
      (graph) => withStates(graph, ([, h1, ...rest]) => [h1, h1, ...rest]),
      /h_0 of a token depends on other tokens/,
    ],
    [
      'one layer taken twice',
      'bert.slim.onnx',
      (graph) => withStates(graph, ([h0, h1, , ...rest]) => [h0, h1, h1, ...rest]),
      /h_2 is h_1/,
    ],
    [
      'h_L before the final norm, where the file gives it behind',
      'bert-bare.dynamo-18.onnx',
      (graph) =>
        withStates(graph, (states) => [...states.slice(0, -1), producing(graph, 'LayerNormalization', 3)]),
      /not what the file gives as its last hidden states/,
    ],
    [
      'another number of labels',
      'bert.slim.onnx',
      (graph) => ({ ...graph, head: { kind: 'classification', output: 'logits', labels: 5, applied: null } }),
      /logits has shape \[2,3\], not \[2,5\]/,
    ],
    [
      'a layer that does nothing',
      'bert.slim.onnx',
      (graph) => withStates(graph, ([h0, h1, h2]) => [h0, h0, h2, h1].slice(0, 4)),
      /h_1 is h_0/,
    ],
  ])('refuses %s', async (_, name, change, message) => {
    await expect(verify(name, change)).rejects.toThrow(message)
  })
})
