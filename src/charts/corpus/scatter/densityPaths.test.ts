import { expect, it } from 'vitest'
import { densityPaths } from './densityPaths'

const style = {
  plain: { few: '#0b6b8f', many: '#1b1d21' },
  marked: { few: '#b3541e', many: '#5a2a0f' },
}
const plot = { left: 40, top: 20, right: 240, bottom: 120 }
const view = { x: [0, 1], y: [0, 1] } as const

it('puts a point where the scales put it, in its own colour, denser ones stronger', () => {
  const x = Float32Array.from([0.004, 0.5, 0.5, 0.5, 0.999, Number.NaN])
  const y = Float32Array.from([0.004, 0.5, 0.5, 0.5, 0.999, 0.5])
  const paths = densityPaths({ x, y, marked: Uint8Array.from([0, 0, 0, 0, 1, 0]) }, view, plot, style)
  expect(paths).toHaveLength(3)
  const [faint, strong, marked] = paths
  expect(faint.d).toBe('M40,118h2v2h-2z')
  expect(strong.d).toBe('M140,70h2v2h-2z')
  expect(strong.opacity).toBeGreaterThan(faint.opacity)
  expect(marked.d).toBe('M238,20h2v2h-2z')
  expect(marked.fill).not.toBe(faint.fill)
})

it('stays small however many points there are, and is empty for none', () => {
  const x = Float32Array.from({ length: 50_000 }, (_, i) => (i % 211) / 211)
  const paths = densityPaths({ x, y: x, marked: null }, view, plot, style)
  expect(paths.reduce((sum, { d }) => sum + d.length, 0)).toBeLessThan(10_000)
  expect(
    densityPaths({ x: new Float32Array(0), y: new Float32Array(0), marked: null }, view, plot, style),
  ).toEqual([])
})
