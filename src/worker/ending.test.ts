import { expect, it, vi } from 'vitest'
import { createEnding } from './ending'

it('passes on what comes before the end', async () => {
  const ending = createEnding()
  await expect(ending.before(async () => 7)).resolves.toBe(7)
  await expect(ending.before(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
})

it('rejects what is under way, and what is begun later', async () => {
  const ending = createEnding()
  const underWay = ending.before(() => new Promise(() => undefined))
  ending.end(new Error('over'))
  ending.end(new Error('over again'))
  await expect(underWay).rejects.toThrow(/^over$/)
  const work = vi.fn(async () => 7)
  await expect(ending.before(work)).rejects.toThrow(/^over$/)
  expect(work).not.toHaveBeenCalled()
})
