import type { Session } from '../../../core/session/session'
import type { TokenizedText } from '../../../core/text/token'
import { createQuery } from '../../query'
import { idle } from '../../resource'
import { OWN, withSide } from '../../side/side'
import { currentTokens, sideText } from '../../side/sideTokens'
import { createTypingPause } from '../../typingPause'
import type { ExploreContext } from './exploreContext'
import { answering } from './exploreContext'

/** Drops the parts of a session that do not fit the text's tokens or, once known, the vocabulary. */
export function fitToTokens(
  session: Session,
  { tokens }: TokenizedText,
  vocabularySize: number | null,
): Session {
  const fits = (position: number) => tokens[position]?.special === false
  const known = (tokenId: number) => vocabularySize === null || tokenId < vocabularySize
  const position = session.position !== null && fits(session.position) ? session.position : null
  const tokenId =
    position !== null && session.tokenId !== null && known(session.tokenId) ? session.tokenId : null
  const held = session.held.filter(
    (substitution) =>
      fits(substitution.position) && known(substitution.tokenId) && substitution.position !== position,
  )
  const same =
    position === session.position && tokenId === session.tokenId && held.length === session.held.length
  return same ? session : { ...session, position, tokenId, held }
}

export interface TokensStep {
  readonly pending: boolean
  update(): void
  /** Allows failed questions to be asked again. */
  retry(): void
  stop(): void
}

/** Tokenises the text, after a pause while the user types; then fits the session to the tokens. */
export function createTokensStep(context: ExploreContext, onSettled: () => void): TokensStep {
  const { store, side } = context
  const pause = createTypingPause(context.typingPause)
  const query = createQuery<TokenizedText>(
    () => store.getState().sides[side].tokenized,
    (tokenized) => store.setState((state) => withSide(state, side, { tokenized })),
    onSettled,
  )

  const ask = (text: string) => {
    pause.end()
    query.ask({
      key: text,
      generation: context.generation,
      ask: async () => answering(context).tokenize(text),
    })
  }

  return {
    get pending() {
      return query.pending || pause.pending
    },
    update: () => {
      const { history } = store.getState()
      const text = sideText(store.getState(), side) ?? ''
      if (text.trim() === '' || (side !== OWN && !context.source())) {
        pause.end()
        query.show(idle())
      } else if (history.typingFrom !== null && text !== query.key) {
        pause.begin(text, () => ask(text))
      } else {
        ask(text)
      }

      const state = store.getState()
      const tokenized = side === OWN ? currentTokens(state) : null
      if (!tokenized || state.sides[side].tokenized.status !== 'ready') return
      const fitted = fitToTokens(state.session, tokenized, state.model.info?.vocabularySize ?? null)
      if (fitted === state.session) return
      store.setState({ session: fitted })
      state.notify({
        tone: 'info',
        text: 'The session pointed at tokens that this text does not have here. They were left out; the text and the pins were kept.',
      })
    },
    retry: () => query.retry(),
    stop: () => {
      pause.end()
      query.stop()
    },
  }
}
