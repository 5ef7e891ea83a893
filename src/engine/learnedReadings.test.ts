import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCorpusEngine } from './corpusEngine'
import { createNodeRuntime } from './forward/nodeRuntime'
import { type OpenedModel, openModel } from './openedModel'
import { readModelFiles } from './sources/nodeFolder'
import { applyMap, createNormalEquations, RIDGE } from './vocabulary/linearMap'

interface Reference {
  readonly folder: string
  readonly learnedFrom: readonly (readonly number[])[]
  readonly heldOut: readonly (readonly number[])[]
  readonly layers: readonly {
    readonly cosine: readonly number[]
    readonly l2: readonly number[]
    readonly learned: readonly number[]
    readonly similarity: readonly number[]
  }[]
  readonly ridge: {
    readonly x: readonly (readonly number[])[]
    readonly y: readonly (readonly number[])[]
    readonly weights: readonly (readonly number[])[]
    readonly bias: readonly number[]
  }
}

const at = (path: string) => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url))
const reference = JSON.parse(readFileSync(at('learned.json'), 'utf8')) as Reference
const flat = (rows: readonly (readonly number[])[]) => Float64Array.from(rows.flat())

const expectNear = (actual: ArrayLike<number>, expected: ArrayLike<number>, limit: number) => {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]) / Math.max(Math.abs(expected[i]), 0.01)
    expect(error, `${i}: ${actual[i]} against ${expected[i]}`).toBeLessThan(limit)
  }
}

describe('a linear map against scikit-learn', () => {
  const { x, y, weights, bias } = reference.ridge

  it('is that of a ridge regression, in whatever parts the rows come', async () => {
    const equations = createNormalEquations(x[0].length, y[0].length)
    for (const [from, to] of [
      [0, 1],
      [1, 30],
      [30, x.length],
    ]) {
      equations.add(flat(x.slice(from, to)), flat(y.slice(from, to)))
    }
    expect(equations.rows).toBe(x.length)
    const map = await equations.solve(RIDGE)
    expectNear(map.weights, flat(weights), 1e-8)
    expectNear(map.bias, bias, 1e-8)
    const [row] = x
    const expected = bias.map((b, j) => row.reduce((sum, value, i) => sum + value * weights[i][j], b))
    expectNear(applyMap(map, Float64Array.from(row)), expected, 1e-5)
  })

  it('is refused without rows', async () => {
    await expect(createNormalEquations(2, 2).solve(RIDGE)).rejects.toMatchObject({
      failure: { kind: 'invalid-request' },
    })
  })
})

describe('learned readings against transformers and scikit-learn', () => {
  const { learnedFrom, heldOut, layers } = reference
  const positions = [...learnedFrom[0].keys()]
  let model: OpenedModel

  beforeAll(async () => {
    model = await openModel(createNodeRuntime(), await readModelFiles(at(reference.folder)))
  })
  afterAll(() => model.release())

  async function learned(key: string) {
    const engine = createCorpusEngine(model)
    for (const [sequence, inputIds] of learnedFrom.entries()) {
      await engine.learnFrom({ key, sequence, inputIds, positions })
      // A text that is there already changes nothing.
      if (sequence === 3) await engine.learnFrom({ key, sequence, inputIds, positions })
    }
    for (const _ of layers) await engine.fitLayer(key)
    return engine
  }

  it('are those of the same maps', async () => {
    const engine = await learned('run')
    let exact = 0
    let all = 0
    // Of two rows that are nearly as close, fp32 may count the other as closer; which one is the closest stands.
    const expectRank = (rank: number, wanted: number, name: string) => {
      expect(rank === 1, `${name}: ${rank} against ${wanted}`).toBe(wanted === 1)
      expect(Math.abs(rank - wanted), `${name}: ${rank} against ${wanted}`).toBeLessThanOrEqual(1)
      if (rank === wanted) exact++
      all++
    }
    expect(await engine.learned('run')).toEqual({
      sequences: [...learnedFrom.keys()],
      layers: layers.length,
    })
    for (const [text, inputIds] of heldOut.entries()) {
      const found = await engine.learnedRanks('run', inputIds, positions)
      const cosine = await engine.ranks(inputIds, positions)
      for (const position of positions) {
        for (const [layer, expected] of layers.entries()) {
          const i = position * layers.length + layer
          const row = text * positions.length + position
          const name = `text ${text}, position ${position}, layer ${layer}`
          expectRank(cosine[i], expected.cosine[row], name)
          expectRank(found.l2[i], expected.l2[row], name)
          expectRank(found.learned[i], expected.learned[row], name)
          expectNear([found.similarity[i]], [expected.similarity[row]], 1e-4)
        }
      }
    }
    expect(exact / all).toBeGreaterThan(0.998)
  })

  it('need all maps, of this run', async () => {
    const engine = await learned('run')
    const [inputIds] = heldOut
    const refused = { failure: { kind: 'not-ready' } }
    await expect(engine.learnedRanks('other', inputIds, positions)).rejects.toMatchObject(refused)
    await expect(engine.fitLayer('other')).rejects.toMatchObject(refused)
    expect(await engine.learned('other')).toEqual({ sequences: [], layers: 0 })
  })
})
