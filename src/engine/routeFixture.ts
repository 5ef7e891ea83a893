import { expect, it } from 'vitest'
import type { ForeignReference } from '../onnx/foreign/foreignFixture'
import type { ModelParts } from './modelParts'

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

/** Holds the expected numbers of a model that may come by any route. */
export interface RouteExpectations {
  readonly expected: ForeignReference
  /** Tolerance relative to the largest number of a row. */
  readonly relative: number
  /** true if the weights are those of the reference, so that neighbours are the same tokens. */
  readonly exact: boolean
}

/** Tests an open model against transformers' numbers (training/make_onnx.py), whatever file it came from. */
export function itAgreesWithTransformers(
  parts: () => ModelParts,
  { expected, relative, exact }: RouteExpectations,
): void {
  const { inputIds, width, layers, vocabularySize, substitution, neighbors } = expected

  it('gives h_0..h_L, D_l and the head', async () => {
    const { encoder } = parts()
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
    const found = await parts().wordTable.candidates(places, neighbors.k + 1, [])
    for (const [i, row] of found.entries()) {
      const others = row.filter(({ tokenId }) => tokenId !== inputIds[i]).slice(0, neighbors.k)
      const cosines = others.map(({ cosine }) => cosine)
      expectRowClose(cosines, neighbors.cosines[i], relative, `cosines at ${i}`)
      if (!exact) continue
      expect(others.map(({ tokenId }) => tokenId)).toEqual(neighbors.ids[i])
      const { l1, l2, linf } = others[0].shift
      for (const [j, value] of [l1, l2, linf].entries()) {
        expect(Math.abs(value / neighbors.shifts[i][j] - 1), 'shift').toBeLessThan(relative)
      }
    }
  })

  it('reads the hidden states as tokens, and ranks these', async () => {
    const { position, tokenId, closest } = substitution
    const changed = await parts().encoder.encode(inputIds.with(position, tokenId))
    const rows = new Float32Array((layers + 1) * width)
    for (const [layer, states] of changed.hiddenStates.entries()) {
      rows.set(states.subarray(position * width, (position + 1) * width), layer * width)
    }
    const found = await parts().wordTable.closest(rows, closest.ids[0].length)
    for (const [layer, row] of found.entries()) {
      const cosines = row.map(({ cosine }) => cosine)
      expectRowClose(cosines, closest.cosines[layer], relative, `cosines of h_${layer}`)
      if (!exact) continue
      expect(row.map(({ tokenId }) => tokenId)).toEqual(closest.ids[layer])
      const state = rows.subarray(layer * width, (layer + 1) * width)
      const repeated = Float32Array.from(row.flatMap(() => [...state]))
      const ranks = await (await parts().rankTable()).ranks(repeated, closest.ids[layer])
      expect([...ranks]).toEqual(row.map((_, i) => i + 1))
    }
  })
}
