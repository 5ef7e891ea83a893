import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  hubness,
  type LeftOut,
  measureTableGeometry,
  TABLE_MEASURES,
  type TableMeasure,
} from '../core/measures/tableGeometry'
import { createNodeRuntime } from './forward/nodeRuntime'
import { openModel } from './openedModel'
import { readModelFiles } from './sources/nodeFolder'

interface Case {
  readonly leftOut: LeftOut
  readonly tokenIds: readonly number[]
  readonly meanCosine: number
  readonly density: readonly number[]
  readonly nearest: readonly number[]
  readonly occurrences: Readonly<Record<TableMeasure, readonly number[]>>
  readonly skewness: Readonly<Record<TableMeasure, number>>
  readonly agreement: readonly {
    readonly measures: readonly string[]
    readonly nearest: number
    readonly shared: number
  }[]
}

const at = (path: string) => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url))
const { k, models } = JSON.parse(readFileSync(at('geometry.json'), 'utf8')) as {
  readonly k: number
  readonly models: readonly { readonly folder: string; readonly cases: readonly Case[] }[]
}
const open = async (folder: string) => openModel(createNodeRuntime(), await readModelFiles(at(folder)))

/** Expects the same to 1e-6, absolutely: cosines and shares are at most 1. */
const expectNear = (actual: number, expected: number, what: string) =>
  expect(Math.abs(actual - expected), `${what}: ${actual} against ${expected}`).toBeLessThan(1e-6)

describe.each(models)('the word table of $folder against scikit-learn', ({ folder, cases }) => {
  it.each(cases)('leaving out $leftOut', async (expected) => {
    const model = await open(folder)
    const progress: number[] = []
    const found = await measureTableGeometry((request) => model.tableNeighbors(request), {
      vocabularySize: model.info.vocabularySize,
      leftOut: expected.leftOut,
      k,
      onProgress: ({ done }) => progress.push(done),
    })
    await model.release()
    expect(Array.from(found.tokenIds)).toEqual(expected.tokenIds)
    expect(Array.from(found.nearest)).toEqual(expected.nearest)
    expectNear(found.meanCosine, expected.meanCosine, 'mean cosine')
    for (const [i, density] of found.density.entries()) {
      expectNear(density, expected.density[i], `density of ${found.tokenIds[i]}`)
    }
    for (const measure of TABLE_MEASURES) {
      expect(Array.from(found.occurrences[measure]), measure).toEqual(expected.occurrences[measure])
      const { skewness, hubs, orphans } = hubness(found, measure)
      expectNear(skewness, expected.skewness[measure], `skewness by ${measure}`)
      expect(hubs[0].count).toBe(Math.max(...expected.occurrences[measure]))
      const none = expected.occurrences[measure].filter((count) => count === 0).length
      expect(orphans).toBe(none / expected.tokenIds.length)
    }
    for (const [i, { measures, nearest, shared }] of found.agreement.entries()) {
      expect(measures).toEqual(expected.agreement[i].measures)
      expectNear(nearest, expected.agreement[i].nearest, `nearest of ${measures}`)
      expectNear(shared, expected.agreement[i].shared, `shared of ${measures}`)
    }
    expect(progress).toEqual([0, 128, 256])
  })
})

describe('measureTableGeometry', () => {
  it('stops between blocks', async () => {
    const model = await open('tiny-bert')
    const controller = new AbortController()
    let asked = 0
    const measuring = measureTableGeometry(
      (request) => {
        asked++
        controller.abort(new Error('stopped'))
        return model.tableNeighbors(request)
      },
      { vocabularySize: model.info.vocabularySize, signal: controller.signal },
    )
    await expect(measuring).rejects.toThrow('stopped')
    expect(asked).toBe(1)
    await model.release()
  })

  it('is refused what the table does not have', async () => {
    const model = await open('tiny-bert')
    const leftOut = { special: false, unused: false }
    const ask = (first: number, count: number, k: number) =>
      model.tableNeighbors({ first, count, k, leftOut })
    await expect(ask(0, model.info.vocabularySize + 1, 10)).rejects.toMatchObject({
      failure: { kind: 'invalid-request' },
    })
    await expect(ask(0, 1, 0)).rejects.toMatchObject({ failure: { kind: 'invalid-request' } })
    await model.release()
  })
})
