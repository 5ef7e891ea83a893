import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explore } from '../api/explore'
import { NO_FILTERS } from '../core/measures/neighbor'
import type { OpenedModel } from '../engine/openedModel'
import { readReference } from '../engine/referenceFixture'
import { ROOT } from './commandFixture'
import { BUILT_IN, openModelFolder } from './modelFolder'

const RELATIVE = 1e-4
const { model: reference, cases } = readReference('fixtures/bert-imdb-l12-h384.reference.json')
/** Cases with one substitution each; the page's tests measure several at once. */
const changes = cases.flatMap(({ name, text, inputIds, measurements }) =>
  measurements
    .filter(({ substitutions }) => substitutions.length === 1)
    .slice(0, 1)
    .map((expected) => ({ name, text, inputIds, expected })),
)

let model: OpenedModel
beforeAll(async () => {
  model = await openModelFolder({ model: BUILT_IN, device: 'cpu', threads: 0 }, { packageFolder: ROOT })
})
afterAll(() => model.release())

/** Compares relatively, and absolutely where fp32 has no digits left. */
function expectClose(actual: readonly number[], expected: readonly number[], what: string): void {
  expect(actual, what).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(actual[i] - value) / Math.max(Math.abs(value), 0.01)
    expect(error, `${what} ${i}: ${actual[i]} against ${value}`).toBeLessThan(RELATIVE)
  }
}

describe('explore over the built-in model', () => {
  it('has a reference for every text', () => {
    expect(model.info.provenance.sha256).toBe(reference.sha256)
    expect(changes.length).toBe(cases.length)
    expect(changes.length).toBeGreaterThanOrEqual(20)
  })

  it.each(changes)('gives what PyTorch gives for $name', async ({ text, inputIds, expected }) => {
    const [{ position, tokenId }] = expected.substitutions
    const substitute = model.vocabulary[tokenId]
    const data = await explore(model, { text, position, substitute, filters: NO_FILTERS })
    expect(data.tokens.map(({ id }) => id)).toEqual(inputIds)
    expect(data.substitute?.id).toBe(tokenId)
    expectClose(
      [data.shift.l1, data.shift.l2, data.shift.linf],
      [expected.shift.l1, expected.shift.l2, expected.shift.linf],
      'shift',
    )
    expectClose(
      data.layers.map(({ distance }) => distance),
      expected.distances,
      'distance',
    )
    expectClose(
      data.layers.map(({ own }) => own),
      expected.own,
      'own',
    )
    expectClose(
      data.layers.map(({ relative }) => relative),
      expected.relative,
      'relative',
    )
    expectClose(
      data.layers.map(({ cosine }) => cosine),
      expected.cosine,
      'cosine',
    )
    expectClose(data.prediction?.after ?? [], expected.logits ?? [], 'logits after')
    expectClose(data.prediction?.probabilities?.before ?? [], expected.probabilityBefore ?? [], 'before')
  })
})
