import { expect, it } from 'vitest'
import { activeMeasurement } from '../explore/comparisonSelectors'
import { connectExplorer } from '../explore/explore'
import { neighborRows, tokenShifts } from '../selectors'
import { emptySides, OTHER, OWN } from '../side/side'
import { currentTokens } from '../side/sideTokens'
import { alignment } from './alignment'
import { answerFirstSide, createComparedStore, explorerOf, PIECES, SECOND, TEXT } from './compareFixture'
import { counterparts } from './counterparts'
import { connectSecondSide } from './secondSide'

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
const THIRD = 2

it('asks, aligns, measures and lists for a third side what it does for the second, in a state of its own', async () => {
  const store = createComparedStore()
  store.setState({ sides: emptySides(3) })
  const second = explorerOf(PIECES, 9)
  const third = explorerOf(PIECES, 8)
  const ends = [
    connectSecondSide(store, { first: () => null, second: () => second, typingPause: 0 }),
    connectExplorer(store, { live: () => third, shipped: null, typingPause: 0 }, THIRD),
  ]
  answerFirstSide(store, { position: 2, tokenId: 7, comparison: { ...SECOND, ownNearest: true } })
  await settle()
  const state = store.getState()
  expect(currentTokens(state, THIRD)?.text).toBe(TEXT)
  expect(alignment(state, THIRD)?.toSecond[4]).toEqual([4, 5])
  expect(counterparts(state, OTHER)).toMatchObject([{ substitution: { position: 2, tokenId: 9 } }])
  expect(counterparts(state, THIRD)).toMatchObject([{ substitution: { position: 2, tokenId: 8 } }])
  expect([OWN, OTHER, THIRD].map((side) => activeMeasurement(state, side)?.substitutions)).toEqual([
    [{ position: 2, tokenId: 7 }],
    [{ position: 2, tokenId: 9 }],
    [{ position: 2, tokenId: 8 }],
  ])
  state.want('shifts', true, THIRD)
  expect(neighborRows(state, THIRD).map(({ tokenId }) => tokenId)).toContain(8)
  expect(neighborRows(state, OTHER).map(({ tokenId }) => tokenId)).not.toContain(8)
  await settle()
  expect(tokenShifts(store.getState(), THIRD)).not.toEqual(tokenShifts(store.getState(), OWN))
  for (const end of ends) end()
  expect(third.measure).toHaveBeenCalled()
})
