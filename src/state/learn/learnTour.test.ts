import { expect, it } from 'vitest'
import { tourMemory } from './learnTour'

function memoryStorage() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

it('is due until it was left, and for good after', () => {
  const storage = memoryStorage()
  const memory = tourMemory(() => storage)
  expect(memory.due()).toBe(true)
  expect(memory.due()).toBe(true)
  memory.leave()
  expect(memory.due()).toBe(false)
  expect(tourMemory(() => storage).due()).toBe(false)
})

it('never comes unasked where the browser keeps nothing', () => {
  const denied = tourMemory(() => {
    throw new DOMException('denied', 'SecurityError')
  })
  expect(denied.due()).toBe(false)
  expect(() => denied.leave()).not.toThrow()
})
