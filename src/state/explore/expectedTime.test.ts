import { expect, it } from 'vitest'
import { answerFirstSide, createComparedStore } from '../compare/compareFixture'
import { OWN, withSide } from '../side/side'
import { currentTokens } from '../side/sideTokens'
import { expectedTime } from './expectedTime'

it('says how long two forwards take by the pace so far, of a text whose tokens are counted', () => {
  const store = createComparedStore()
  answerFirstSide(store, { position: 2, tokenId: 7 })
  store.setState((state) => withSide(state, OWN, { pace: 10 }))
  // Nothing is measured.
  expect(expectedTime(store.getState())).toBeNull()
  store.setState(({ session }) => ({ session: { ...session, tokenId: 8 } }))
  const tokens = currentTokens(store.getState())?.tokens.length ?? Number.NaN
  expect(expectedTime(store.getState())).toBe(2 * 10 * tokens)
  store.setState((state) => withSide(state, OWN, { pace: null }))
  expect(expectedTime(store.getState())).toBeNull()
  store.setState((state) => withSide(state, OWN, { pace: 10 }))
  store.setState(({ session }) => ({ session: { ...session, text: 'another text' } }))
  expect(expectedTime(store.getState())).toBeNull()
})
