import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { debertaBucket, mpnetBucket } from './relativeBuckets'

interface Buckets {
  readonly buckets: number
  readonly maxPositions: number
  readonly values: readonly number[]
}

const fixture = JSON.parse(
  readFileSync(new URL('../../../fixtures/relative-buckets.json', import.meta.url), 'utf8'),
) as { readonly from: number; readonly mpnet: Buckets; readonly deberta: Buckets }

describe('buckets of relative positions, at full size', () => {
  it("are transformers' own for MPNet", () => {
    const { buckets, values } = fixture.mpnet
    expect(values.map((_, i) => mpnetBucket(fixture.from + i, buckets))).toEqual(values)
  })

  it("are transformers' own for DeBERTa", () => {
    const { buckets, maxPositions, values } = fixture.deberta
    expect(values.map((_, i) => debertaBucket(fixture.from + i, buckets, maxPositions))).toEqual(values)
  })
})
