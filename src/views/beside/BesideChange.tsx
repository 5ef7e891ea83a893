import { bareText } from '../../core/token'
import { pieceKindOf } from '../../core/tokenPieces'
import {
  type BesideSubstitution,
  besideChange,
  besideNames,
  besideTokens,
  besideVocabulary,
} from '../../state/beside/besideSelectors'
import { memoize } from '../../state/memoize'
import { activeSubstitutions, currentTokens, pieceKind, tokenName } from '../../state/selectors'
import type { AppStoreState } from '../../state/store'
import { useActions, useAppStore } from '../appContext'

const quoted = (text: string) => `“${text}”`

function substituteSentence(state: AppStoreState, place: BesideSubstitution): string {
  const { second: name } = besideNames(state)
  const others = besideVocabulary(state)
  const wanted = quoted(bareText(tokenName(state, place.first.tokenId), pieceKind(state)))
  if (!place.neighbor || !others) return `${name} has no substitute for it under these filters.`
  const taken = quoted(bareText(place.neighbor.token, pieceKindOf(others)))
  if (place.how === 'same') return `Both sides take ${wanted}.`
  if (state.session.beside?.ownNearest) return `${name} takes its own nearest neighbour, ${taken}.`
  return `${name} has no single token ${wanted} to put there: its own nearest neighbour ${taken} is taken.`
}

/** What stands opposite a token of the first side, and what takes its place there. */
function sentence(state: AppStoreState, place: BesideSubstitution): string {
  const { second: name } = besideNames(state)
  const others = besideVocabulary(state)
  const token = currentTokens(state)?.tokens[place.first.position]
  const there = besideTokens(state)?.tokens ?? []
  const original = quoted(token ? bareText(token.text, pieceKind(state)) : `position ${place.first.position}`)
  const held = place.chosen ? '' : 'Held: '
  if (place.at === null || !others) {
    return `${held}${original} has no counterpart in ${name}: nothing is changed there.`
  }
  const kind = pieceKindOf(others)
  const names = place.opposite.map((at) => quoted(bareText(there[at]?.text ?? '', kind)))
  const opposite =
    names.length === 1
      ? `opposite ${original} stands ${names[0]}`
      : `opposite ${original} stand ${names.length} tokens, ${names.join(' ')}; the change happens at the first`
  const words = `${held}${opposite}. ${substituteSentence(state, place)}`
  return words[0].toUpperCase() + words.slice(1)
}

const NO_SENTENCES: readonly string[] = []

const sentences = memoize(
  (state: AppStoreState) => [besideChange(state), besideNames(state), state.session.beside?.ownNearest],
  (state): readonly string[] => besideChange(state)?.map((place) => sentence(state, place)) ?? NO_SENTENCES,
)

/** What is changed on the second side, in words, and whether it takes the same token or its own nearest. */
export function BesideChange() {
  const said = useAppStore(sentences)
  const changed = useAppStore((state) => (activeSubstitutions(state)?.length ?? 0) > 0)
  const chosen = useAppStore((state) => state.session.position !== null)
  const ownNearest = useAppStore((state) => state.session.beside?.ownNearest ?? false)
  const { setOwnNearest } = useActions()
  if (!changed && !chosen) {
    return (
      <p className="panel-hint">Choose a token of the review: its change is then measured on both sides.</p>
    )
  }
  return (
    <div className="beside-change">
      <div className="beside-sentences">
        {said.map((text) => (
          <p key={text}>{text}</p>
        ))}
      </div>
      <fieldset className="segments">
        <legend className="visually-hidden">Substitute on the second side</legend>
        <label title="The token of the same spelling, where its vocabulary has one">
          <input
            type="radio"
            name="beside-substitute"
            checked={!ownNearest}
            onChange={() => setOwnNearest(false)}
          />
          the same token
        </label>
        <label title="The nearest neighbour in the second model’s own embedding table">
          <input
            type="radio"
            name="beside-substitute"
            checked={ownNearest}
            onChange={() => setOwnNearest(true)}
          />
          each its own nearest
        </label>
      </fieldset>
    </div>
  )
}
