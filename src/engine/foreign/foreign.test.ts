import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { valueInfo } from '../../onnx/builder/protos'
import {
  FOREIGN,
  foreignNamed,
  foreignReference,
  foreignSizes,
  OPTIMUM,
  readForeign,
} from '../../onnx/foreign/foreignFixture'
import { understandGraph } from '../../onnx/foreign/foreignGraph'
import { createNodeRuntime } from '../forward/nodeRuntime'
import { itAgreesWithTransformers } from '../routeFixture'
import { type ForeignModel, openForeignModel } from './foreignModel'

/**
 * Tolerances relative to the largest number of a row; for weights that were rounded when the file was made, what that
 * costs.
 */
const TOLERANCES: Readonly<Record<string, number>> = { exact: 1e-4, fp16: 5e-3, int8: 0.1 }

const runtime = createNodeRuntime(1)

const files = [...FOREIGN.files, ...OPTIMUM.files].filter(({ unfit, invalid }) => !unfit && !invalid)

describe.each(files)('$file against transformers', (foreign) => {
  const { model: name, tolerance = 'exact' } = foreign
  const expected = foreignReference(name)
  let model: ForeignModel

  beforeAll(async () => {
    model = await openForeignModel(runtime, runtime, await readForeign(foreign), foreignSizes(name))
  })
  afterAll(() => model?.parts.release())

  it('has its head and its direction', () => {
    expect(model.parts.head).toBe(expected.head)
    expect(model.causal).toBe(expected.head === 'causal-lm')
  })

  itAgreesWithTransformers(() => model.parts, {
    expected,
    relative: TOLERANCES[tolerance],
    exact: tolerance === 'exact',
  })
})

describe.each(FOREIGN.files.filter(({ invalid }) => invalid))('$file', (foreign) => {
  it('is refused as the runtime refuses it, and its own fault is told', async () => {
    const sizes = foreignSizes(foreign.model)
    const opened = openForeignModel(runtime, runtime, await readForeign(foreign), sizes)
    const failure = await opened.then(() => null, failureOf)
    expect(failure?.kind).toBe('unsupported-model')
    expect(failure?.message).toMatch(/^The runtime cannot open .*int64/)
    expect(failure?.advice).toContain('safetensors')
  })
})

it('opens a file that gives the states of all layers beside its logits', async () => {
  const foreign = foreignNamed('bert.slim.onnx')
  const sizes = foreignSizes(foreign.model)
  const file = await readForeign(foreign)
  const { stream } = understandGraph(file)
  for (const state of stream.hiddenStates) {
    file.graph.output.push(valueInfo(state, 'float', ['batch', 'sequence', sizes.width]))
  }
  const { parts } = await openForeignModel(runtime, runtime, file, sizes)
  expect(parts.head).toBe('classification')
  await parts.release()
})
