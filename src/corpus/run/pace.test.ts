import { describe, expect, it } from 'vitest'
import { createPace } from './pace'

/** Returns a pace over a clock that is moved by hand, ms. */
function setUp() {
  let now = 1000
  const pace = createPace(() => now)
  const work = (milliseconds: number, tokens: number) => {
    now += milliseconds
    pace.add(tokens)
  }
  return { pace, work }
}

describe('the time left', () => {
  it('follows the rate of the last texts', () => {
    const { pace, work } = setUp()
    expect(pace.secondsFor(100)).toBeNull()
    work(1000, 100)
    expect(pace.secondsFor(300)).toBe(3)
    for (let text = 0; text < 200; text++) work(2000, 100)
    expect(pace.secondsFor(100)).toBeCloseTo(2, 1)
  })

  it('stays sane through an hour asleep, and is right again soon after', () => {
    const { pace, work } = setUp()
    for (let text = 0; text < 50; text++) work(1000, 100)
    work(3_600_000, 100)
    expect(pace.secondsFor(100)).toBeGreaterThan(0.9)
    expect(pace.secondsFor(100)).toBeLessThan(1.5)
    for (let text = 0; text < 100; text++) work(1000, 100)
    expect(pace.secondsFor(100)).toBeCloseTo(1, 1)
  })

  it('finds its way to a machine that has become much slower', () => {
    const { pace, work } = setUp()
    for (let text = 0; text < 50; text++) work(10, 100)
    for (let text = 0; text < 300; text++) work(1000, 100)
    expect(pace.secondsFor(100)).toBeGreaterThan(0.9)
  })

  it('is never negative or NaN, whatever the clock does', () => {
    const { pace, work } = setUp()
    work(0, 10)
    expect(pace.secondsFor(10)).toBe(0)
    work(-86_400_000, 10)
    expect(pace.secondsFor(10)).toBe(0)
    work(500, 0)
    work(500, 10)
    expect(pace.secondsFor(10)).toBeGreaterThan(0)
    expect(pace.secondsFor(0)).toBe(0)
  })
})
