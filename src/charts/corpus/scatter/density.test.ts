import { expect, it } from 'vitest'
import { densityRamp, densityShare, densityStops, mostOverlapping, pointRadius } from './density'

const colors = { few: '#0b6b8f', many: '#1b1d21' }
const size = { width: 800, height: 400 }
const view = { x: [0, 1], y: [0, 1] } as const

it('goes from faint to full without a step back', () => {
  const ramp = densityRamp(colors)
  for (let at = 7; at < ramp.length; at += 4) expect(ramp[at]).toBeGreaterThanOrEqual(ramp[at - 4])
  expect(ramp.at(-1)).toBe(255)
  expect([...ramp.slice(-4, -1)]).toEqual([27, 29, 33])
})

it('has a ramp for colours it cannot read', () => {
  expect(densityRamp({ few: '', many: 'var(--x)' }).slice(-4)).toEqual(Uint8Array.from([11, 107, 143, 255]))
})

it('shows single points in full where none overlap', () => {
  expect(densityShare(1, 1)).toBe(1)
  expect(densityShare(1, 1000)).toBeLessThan(0.2)
  expect(densityShare(5000, 1000)).toBe(1)
})

it('ends its legend in the same colours as the points', () => {
  const stops = densityStops(colors, 300)
  expect(stops.at(-1)).toBe('rgb(27 29 33 / 1.000)')
  expect(new Set(stops).size).toBe(stops.length)
})

it('counts points that overlap, only those in view', () => {
  const x = Float32Array.from([0.5, 0.5, 0.5, 0.1, 7, 7, 7, 7, Number.NaN])
  expect(mostOverlapping(x, x, view, size, 2)).toBe(3)
  expect(mostOverlapping(new Float32Array(0), new Float32Array(0), view, size, 2)).toBe(1)
})

it('keeps points between a dot and a disc', () => {
  const area = size.width * size.height
  expect(pointRadius(0, area, 1)).toBe(4)
  expect(pointRadius(1_000_000, area, 1)).toBe(1.25)
  expect(pointRadius(100_000, area, 40)).toBeGreaterThan(pointRadius(100_000, area, 1))
})
