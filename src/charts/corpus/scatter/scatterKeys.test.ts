import { expect, it } from 'vitest'
import { type PressedKey, scatterCommand } from './scatterKeys'

const press = (key: string, held: Partial<PressedKey> = {}): PressedKey => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
})

it('walks by points, and by more of them where there are many', () => {
  expect(scatterCommand(press('ArrowRight'), 10)).toEqual({ kind: 'walk', by: 1 })
  expect(scatterCommand(press('ArrowUp'), 10)).toEqual({ kind: 'walk', by: 1 })
  expect(scatterCommand(press('ArrowDown'), 1000)).toEqual({ kind: 'walk', by: -20 })
  expect(scatterCommand(press('PageUp'), 1000)).toEqual({ kind: 'walk', by: 100 })
})

it('moves the view with Shift, as if one walked there', () => {
  expect(scatterCommand(press('ArrowRight', { shiftKey: true }), 10)).toMatchObject({
    kind: 'pan',
    right: -0.1,
  })
  expect(scatterCommand(press('ArrowUp', { shiftKey: true }), 10)).toMatchObject({ kind: 'pan', down: 0.1 })
  // Most keyboards type plus with Shift.
  expect(scatterCommand(press('+', { shiftKey: true }), 10)).toMatchObject({ kind: 'zoom' })
})

it('leaves the browser its keys', () => {
  for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }]) {
    expect(scatterCommand(press('+', held), 10)).toBeNull()
    expect(scatterCommand(press('ArrowLeft', held), 10)).toBeNull()
  }
  expect(scatterCommand(press('Tab'), 10)).toBeNull()
})
