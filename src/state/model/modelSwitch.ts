import type { ModelInfo } from '../../core/explorer'
import type { AppState } from '../appState'
import { withoutResults } from '../explore/resultsSlice'
import { NO_HISTORY } from '../session/history'
import { adoptModel, withoutTokens } from '../session/sessionModel'
import type { AppStore } from '../storeTypes'

const sameVocabulary = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((token, id) => token === b[id])

/**
 * Returns the changes of the store when a model replaces another one, and the notice about it. Answers of the former
 * model never appear under the name of the new one; positions and tokens stay if both read the same vocabulary.
 */
export function switchedTo(
  state: AppState,
  info: ModelInfo,
  vocabulary: readonly string[],
): Pick<AppState, 'session'> & Partial<AppState> & { readonly said: string | null } {
  const { session, model } = state
  const { vocabulary: former } = model
  const named = { id: info.id, sha256: info.provenance.sha256 }
  if (former && sameVocabulary(former, vocabulary)) {
    return { ...withoutResults(state), session: { ...session, model: named }, said: null }
  }
  const { pins } = session
  const said =
    pins.length > 0
      ? `The pins name tokens of ${model.info?.id ?? 'the former model'}, which reads another vocabulary, and were ` +
        'set aside. Press Back to return to that model and its pins.'
      : null
  return { ...withoutResults(state), session: withoutTokens(session, named), history: NO_HISTORY, said }
}

/** Shows the session that was waiting for this model; does nothing without one. @returns whether there was one */
export function showOffered(store: AppStore, info: ModelInfo): boolean {
  const { offer } = store.getState().model
  if (offer?.session.model.id !== info.id) return false
  const { session, notice } = adoptModel(offer.session, info)
  if (notice) store.getState().notify(notice)
  const history = offer.history ?? NO_HISTORY
  store.setState(({ model }) => ({ session, history, model: { ...model, offer: null } }))
  return true
}
