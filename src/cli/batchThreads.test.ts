import { describe, expect, it } from 'vitest'
import { lanesFor } from './batchThreads'

const MB = 1e6

describe('lanesFor', () => {
  it('gives each core a lane where there are batches enough', () => {
    expect(lanesFor({ device: 'cpu', threads: 4 }, 16, MB)).toEqual({ lanes: 4, threads: 1 })
  })

  it('divides the cores among fewer batches', () => {
    expect(lanesFor({ device: 'cpu', threads: 8 }, 3, MB)).toEqual({ lanes: 3, threads: 2 })
    expect(lanesFor({ device: 'cpu', threads: 8 }, 1, MB)).toEqual({ lanes: 1, threads: 8 })
    expect(lanesFor({ device: 'cpu', threads: 8 }, 0, MB)).toEqual({ lanes: 1, threads: 8 })
  })

  it('opens no more models than memory has room for', () => {
    expect(lanesFor({ device: 'cpu', threads: 4 }, 16, Number.MAX_SAFE_INTEGER)).toEqual({
      lanes: 1,
      threads: 4,
    })
  })

  it('leaves another device to one thread', () => {
    expect(lanesFor({ device: 'cuda', threads: 4 }, 16, MB).lanes).toBe(1)
  })
})
