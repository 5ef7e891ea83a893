import { expect, it } from 'vitest'
import { untilSettled } from './untilSettled'

it('runs once more for what a step changes itself, never within the step, and settles once', () => {
  const said: string[] = []
  let left = 2
  const update = untilSettled(
    () => {
      said.push('begins')
      if (left-- > 0) update()
      said.push('ends')
    },
    () => said.push('settled'),
  )
  update()
  expect(said).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends', 'settled'])
  update()
  expect(said.slice(7)).toEqual(['begins', 'ends', 'settled'])
})
