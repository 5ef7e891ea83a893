import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { argmax } from '../../core/measures/prediction'
import { parseSnapshot, type Snapshot } from '../../core/session/snapshotSchema'
import { EXAMPLES } from './examples'

const root = new URL('../../../', import.meta.url)
const snapshotOf = (slug: string) =>
  parseSnapshot(JSON.parse(readFileSync(new URL(`public/examples/${slug}.json`, root), 'utf8')))

/** Returns whether the nearest neighbour at a position takes the answer to another label. */
function flipsAt({ measurements, neighbors, originalLogits }: Snapshot, position: number): boolean {
  const tokenId = neighbors[position][0][0]
  const made = measurements.find(
    ({ substitutions: [at, id, ...more] }) => at === position && id === tokenId && more.length === 0,
  )
  if (!made) throw new Error(`position ${position} is not among the ready-made results`)
  return argmax(made.logits) !== argmax(originalLogits)
}

it('do what their reason says at the token that they open on', () => {
  const flipping = EXAMPLES.filter(({ slug, position }) => flipsAt(snapshotOf(slug), position))
  expect(flipping.map(({ slug }) => slug)).toEqual(['seven-out-of-ten', 'hardly-matters', 'almost-works'])
})

it('begins with one in which something happens', () => {
  const [{ slug, position }] = EXAMPLES
  expect(flipsAt(snapshotOf(slug), position)).toBe(true)
})

it('names the words that stand in the text, and their nearest neighbours', () => {
  const named = (slug: string, position: number) => {
    const { neighbors, names, tokens } = snapshotOf(slug)
    return [tokens[position][1], names[neighbors[position][0][0]]]
  }
  expect(named('seven-out-of-ten', 1)).toEqual(['seven', '7'])
  expect(named('hardly-matters', 14)).toEqual(['hardly', 'barely'])
  expect(named('almost-works', 21)).toEqual(['merely', 'simply'])
  expect(named('almost-works', 22)).toEqual(['pleasant', 'unpleasant'])
})
