import { type Neighbor, NO_FILTERS } from '../../core/measures/neighbor'
import { EMPTY_SESSION, type Session } from '../../core/session/session'
import type { Token, TokenizedText } from '../../core/text/token'
import { SILENT_MODELS } from '../../state/model/modelServiceFixture'
import { ready } from '../../state/resource'
import { OWN, withSide } from '../../state/side/side'
import { type AppStore, createAppStore } from '../../state/store'

/** Tokenises a review of plain words for component tests: one token a word, ids from 10. */
export function tokenizeWords(text: string, truncatedAt: number | null = null): TokenizedText {
  const read = truncatedAt === null ? text : text.slice(0, truncatedAt)
  const words = Array.from(read.matchAll(/\S+/g)).map(
    (match, i): Token => ({
      id: 10 + i,
      text: match[0].toLowerCase(),
      special: false,
      start: match.index,
      end: match.index + match[0].length,
    }),
  )
  const special = (entry: string, id: number, at: number): Token => ({
    id,
    text: entry,
    special: true,
    start: at,
    end: at,
  })
  const tokens = [special('[CLS]', 1, 0), ...words, special('[SEP]', 2, read.length)]
  return { text, tokens, truncatedAt, totalTokens: tokens.length, totalIsAtLeast: truncatedAt !== null }
}

export function neighbor(tokenId: number, token: string, shift: number): Neighbor {
  const norms = { l1: shift * 10, l2: shift, linf: shift / 10 }
  return { tokenId, token, cosine: 1 - shift / 20, shift: norms, rawShift: norms }
}

/** Creates a store with the answers for this text; nothing is connected to it. */
export function storeWith(
  text: string,
  session: Partial<Session> = {},
  tokenized = tokenizeWords(text),
): AppStore {
  const store = createAppStore({ services: { models: SILENT_MODELS } })
  store.setState((state) => ({
    session: { ...EMPTY_SESSION, text, ...session },
    ...withSide(state, OWN, {
      tokenized: ready(tokenized),
      neighbors: ready({
        tokenized,
        filters: NO_FILTERS,
        byPosition: tokenized.tokens.map(({ special, id }, position) =>
          special ? [] : [neighbor(1000 + id, `near${position}`, 5 + position)],
        ),
      }),
    }),
  }))
  return store
}
