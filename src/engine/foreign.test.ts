import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FOREIGN, FOREIGN_POSITIONS, readForeign } from '../onnx/foreign/foreignFixture'
import { type ForeignModel, openForeignModel } from './foreignModel'
import { createNodeRuntime } from './nodeRuntime'

/** Relative to the largest number of a row; for weights that were rounded when the file was made, what that costs. */
const TOLERANCES: Readonly<Record<string, number>> = { exact: 1e-4, fp16: 5e-3, int8: 0.1 }

const runtime = createNodeRuntime(1)

function expectRowClose(
  actual: ArrayLike<number>,
  expected: readonly number[],
  relative: number,
  what: string,
): void {
  expect(actual.length, what).toBe(expected.length)
  const scale = Math.max(...expected.map(Math.abs), 1e-3)
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(actual[i] - value) / scale
    expect(error, `${what}, entry ${i}: ${actual[i]} against ${value}`).toBeLessThan(relative)
  }
}

const files = FOREIGN.files.filter(({ unfit }) => !unfit)

describe.each(files)('$file against transformers', (foreign) => {
  const { model: name, tolerance = 'exact' } = foreign
  const expected = FOREIGN.models[name]
  const { inputIds, width, layers, vocabularySize, substitution, neighbors } = expected
  const relative = TOLERANCES[tolerance]
  let model: ForeignModel

  beforeAll(async () => {
    model = await openForeignModel(runtime, runtime, await readForeign(foreign), {
      layers,
      width,
      vocabularySize,
      maxPositions: FOREIGN_POSITIONS,
    })
  })
  afterAll(() => model?.parts.release())

  it('has its head and its direction', () => {
    expect(model.parts.head).toBe(expected.head)
    expect(model.causal).toBe(['gpt2', 'llama'].includes(expected.family))
  })

  it('gives h_0..h_L, D_l and the head', async () => {
    const { encoder } = model.parts
    const original = await encoder.encode(inputIds, undefined, expected.logitPositions)
    expect(original.hiddenStates).toHaveLength(layers + 1)
    for (const [layer, states] of expected.hiddenStates.entries()) {
      for (const [i, row] of states.entries()) {
        const actual = original.hiddenStates[layer].subarray(i * width, (i + 1) * width)
        expectRowClose(actual, row, relative, `h_${layer} at ${i}`)
      }
    }
    const changedIds = inputIds.with(substitution.position, substitution.tokenId)
    const changed = await encoder.encode(changedIds, original.hiddenStates, [])
    const n = inputIds.length
    for (const [layer, row] of substitution.byPosition.entries()) {
      const moved = changed.distances.subarray(layer * n, (layer + 1) * n)
      expectRowClose(moved, row, relative, `ripple of layer ${layer}`)
    }
    if (expected.logits) expectRowClose(original.logits ?? [], expected.logits, relative, 'logits')
    if (expected.logitsAfter) expectRowClose(changed.logits ?? [], expected.logitsAfter, relative, 'after')
    for (const [i, row] of expected.tokenLogits?.entries() ?? []) {
      const actual = original.tokenLogits?.subarray(i * vocabularySize, (i + 1) * vocabularySize) ?? []
      expectRowClose(actual, row, relative, `scores ${i}`)
    }
  })

  it('finds the neighbours and how far they move the embedding', async () => {
    const places = inputIds.map((tokenId, position) => ({ tokenId, position }))
    const found = await model.parts.wordTable.candidates(places, neighbors.k + 1, [])
    for (const [i, row] of found.entries()) {
      const others = row.filter(({ tokenId }) => tokenId !== inputIds[i]).slice(0, neighbors.k)
      const cosines = others.map(({ cosine }) => cosine)
      expectRowClose(cosines, neighbors.cosines[i], relative, `cosines at ${i}`)
      if (tolerance !== 'exact') continue
      expect(others.map(({ tokenId }) => tokenId)).toEqual(neighbors.ids[i])
      const { l1, l2, linf } = others[0].shift
      for (const [j, value] of [l1, l2, linf].entries()) {
        expect(Math.abs(value / neighbors.shifts[i][j] - 1), 'shift').toBeLessThan(relative)
      }
    }
  })
})
