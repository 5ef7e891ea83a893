import type { Substitution } from '../../core/measures/substitution'
import { bareText, type TokenizedText } from '../../core/text/token'
import type { PieceKind } from '../../core/text/tokenPieces'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import { OWN } from '../side/side'
import { pieceKind, vocabularyOf } from '../side/sideModel'

/** Returns names that came with results, used until the vocabulary itself is there. */
const seenNames = memoizeSides(
  ({ sides }: AppState, side) => [
    sides[side].tokenized.value,
    sides[side].neighbors.value,
    sides[side].chosenNeighbors.value,
  ],
  ({ sides }, side) => {
    const { tokenized, neighbors, chosenNeighbors } = sides[side]
    const names = new Map<number, string>()
    for (const { id, text } of tokenized.value?.tokens ?? []) names.set(id, text)
    for (const list of [...(neighbors.value?.byPosition ?? []), chosenNeighbors.value?.rows ?? []]) {
      for (const { tokenId, token } of list) names.set(tokenId, token)
    }
    return names
  },
)

/** Returns the vocabulary's entry; `#id` while it is not known. */
export function tokenName(state: AppState, tokenId: number, side = OWN): string {
  return vocabularyOf(state, side)?.[tokenId] ?? seenNames(state, side).get(tokenId) ?? `#${tokenId}`
}

/** Returns a token as a word in running text: without `##`, and in quotation marks if it is only punctuation. */
export function wordOf(token: string): string {
  return wordAs(token, 'word-piece')
}

/** Returns a token as a word in running text, as this kind of vocabulary writes it. */
export function wordAs(token: string, kind: PieceKind): string {
  const bare = bareText(token, kind)
  return /[\p{L}\p{N}]/u.test(bare) ? bare : `“${bare}”`
}

/** Returns `wonderful → delightful`, several joined by ` + `. */
export function substitutionsLabel(
  state: AppState,
  tokenized: TokenizedText | null,
  substitutions: readonly Substitution[],
  side = OWN,
): string {
  const kind = pieceKind(state, side)
  return substitutions
    .map(({ position, tokenId }) => {
      const original = tokenized?.tokens[position]
      const before = original ? wordAs(original.text, kind) : `position ${position}`
      return `${before} → ${wordAs(tokenName(state, tokenId, side), kind)}`
    })
    .join(' + ')
}
