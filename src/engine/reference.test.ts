import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layerwiseDistances } from '../core/measures/measurement'
import { NO_FILTERS } from '../core/measures/neighbor'
import { NORMS } from '../core/measures/norm'
import { predictionChange } from '../core/measures/prediction'
import { inputIdsOf } from '../core/text/token'
import { createNodeRuntime } from './forward/nodeRuntime'
import { type OpenedModel, openModel } from './openedModel'
import { readReference } from './referenceFixture'
import { readModelFiles } from './sources/nodeFolder'

const RELATIVE = 1e-4

/** Compares relative to the expected value, and absolutely below `floor`, where fp32 has no digits left. */
function expectClose(actual: number, expected: number, floor: number, what: string): void {
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), floor)
  expect(error, `${what}: ${actual} against ${expected}`).toBeLessThan(RELATIVE)
}

const MODELS: readonly {
  readonly folder: string
  readonly reference: string
  readonly fusedAttention?: boolean
}[] = [
  { folder: 'public/models/bert-imdb-l12-h384', reference: 'fixtures/bert-imdb-l12-h384.reference.json' },
  ...['tiny-bert', 'tiny-bert-f16', 'tiny-bert-bf16', 'tiny-bert-int8', 'tiny-bert-bare'].map((name) => ({
    folder: `fixtures/${name}`,
    reference: `fixtures/${name}/reference.json`,
  })),
  { folder: 'fixtures/tiny-bert', reference: 'fixtures/tiny-bert/reference.json', fusedAttention: false },
]

describe.each(MODELS)('$folder against PyTorch', ({ folder, reference, fusedAttention = true }) => {
  const fixture = readReference(reference)
  let model: OpenedModel

  beforeAll(async () => {
    const files = await readModelFiles(fileURLToPath(new URL(`../../${folder}`, import.meta.url)))
    model = await openModel({ ...createNodeRuntime(), fusedAttention }, files)
  })
  afterAll(() => model.release())

  it('is the model that the fixture was made from', () => {
    expect(model.info.provenance.sha256).toBe(fixture.model.sha256)
  })

  it.each(fixture.cases)('tokenises $name', ({ text, inputIds, tokens, truncated }) => {
    const tokenized = model.tokenize(text)
    expect(inputIdsOf(tokenized)).toEqual(inputIds)
    expect(tokenized.tokens.map((token) => token.text)).toEqual(tokens)
    expect(tokenized.truncatedAt !== null).toBe(truncated)
  })

  it.each(fixture.cases)('finds the neighbours of $name', async ({ inputIds, neighbors }) => {
    const { positions, k } = neighbors
    const found = await model.neighbors({ inputIds, positions, k, filters: NO_FILTERS })
    expect(found.map((row) => row.map(({ tokenId }) => tokenId))).toEqual(neighbors.ids)
    for (const [i, row] of found.entries()) {
      for (const [j, { cosine, shift, rawShift }] of row.entries()) {
        expectClose(cosine, neighbors.cosines[i][j], 0.01, 'cosine')
        for (const norm of NORMS) expectClose(shift[norm], neighbors[norm][i][j], 0.01, norm)
        expectClose(rawShift.l2, neighbors.rawL2[i][j], 0.01, 'raw l2')
      }
    }
  })

  it.each(fixture.cases)(
    'measures the substitutions of $name',
    async ({ inputIds, measurements, logits }) => {
      for (const expected of measurements) {
        const measurement = await model.measure({ inputIds, substitutions: expected.substitutions })
        for (const norm of NORMS) expectClose(measurement.shift[norm], expected.shift[norm], 1e-3, norm)
        for (const { layer, distance, own, relative, cosine } of layerwiseDistances(measurement)) {
          expectClose(distance, expected.distances[layer], 1e-3, `D_${layer}`)
          // "own" is the first substitution's in the fixture.
          if (expected.substitutions.length === 1) expectClose(own, expected.own[layer], 1e-3, `own ${layer}`)
          expectClose(relative, expected.relative[layer], 1e-5, `relative ${layer}`)
          expectClose(1 - cosine, 1 - expected.cosine[layer], 1e-3, `1 - cosine ${layer}`)
        }
        if (!expected.logits || !logits) {
          expect(measurement.logits).toBeNull()
          continue
        }
        const change = predictionChange(model.info.labels, measurement.logits ?? { before: [], after: [] })
        for (const [label, logit] of expected.logits.entries()) {
          expectClose(change.logits.before[label], logits[label], 0.1, 'logit before')
          expectClose(change.logits.after[label], logit, 0.1, 'logit after')
          expectClose(change.values.after[label], expected.probabilityAfter?.[label] ?? Number.NaN, 0.01, 'p')
        }
        expectClose(change.divergence, expected.kl ?? Number.NaN, 0.01, 'KL')
        expect(change.flips).toBe(expected.flips)
      }
    },
  )

  it.each(fixture.cases)('reads the hidden states of $name', async ({ inputIds, closest, lastLayer }) => {
    for (const { substitutions, position, layers } of closest) {
      const read = await model.closestTokens({
        inputIds,
        substitutions,
        layers: layers.map((_, layer) => layer),
        positions: [position],
        k: layers[0].ids.length,
      })
      for (const { layer, tokens } of read) {
        expect(tokens.map(({ tokenId }) => tokenId)).toEqual(layers[layer].ids)
        for (const [i, { cosine }] of tokens.entries())
          expectClose(cosine, layers[layer].cosines[i], 0.1, 'cosine')
      }
    }
    const sequence = await model.closestTokens({
      inputIds,
      substitutions: [],
      layers: [model.info.layers],
      positions: inputIds.map((_, position) => position),
      k: 1,
    })
    expect(sequence.map(({ tokens }) => tokens[0].tokenId)).toEqual(lastLayer)
  })
})
