import { expect, it } from 'vitest'
import { createFigurePublisher } from './figurePublisher'

/**
 * Returns the times at which figures are published in ten seconds of changes every 100 ms, if publishing takes `cost`
 * ms.
 */
function publications(cost: number): number[] {
  let time = 0
  const published: number[] = []
  const publisher = createFigurePublisher(
    () => {
      published.push(time)
      time += cost
    },
    () => time,
  )
  for (; time < 10_000; time += 100) publisher.touch()
  return published
}

it('publishes the first change at once and then about once a second', () => {
  expect(publications(0)).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000])
})

it('publishes less often where it takes long: at most a tenth of the time', () => {
  const published = publications(400)
  expect(published).toHaveLength(3)
  expect(published[1] - published[0]).toBeGreaterThanOrEqual(4400)
})
