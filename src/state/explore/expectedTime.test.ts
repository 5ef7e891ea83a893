import { expect, it } from 'vitest'
import { createComparedStore } from '../compare/compareFixture'
import { OWN, withSide } from '../side/side'
import { expectedTime } from './expectedTime'

it('says how long two forwards take by the pace so far, of no more tokens than the model reads', () => {
  const store = createComparedStore()
  const { maxTokens } = store.getState().model.info ?? { maxTokens: 0 }
  store.setState(({ session }) => ({ session: { ...session, text: 'x'.repeat(90), position: 1 } }))
  expect(expectedTime(store.getState())).toBeNull()
  store.setState((state) => withSide(state, OWN, { pace: 10 }))
  expect(expectedTime(store.getState())).toBe(2 * 10 * Math.min(20, maxTokens))
  store.setState(({ session }) => ({ session: { ...session, text: 'x'.repeat(100_000) } }))
  expect(expectedTime(store.getState())).toBe(2 * 10 * maxTokens)
  store.setState(({ session }) => ({ session: { ...session, text: '' } }))
  expect(expectedTime(store.getState())).toBeNull()
})
