import { bareText } from '../../core/text/token'
import { sideNames } from '../../state/compare/compareSelectors'
import { type Counterpart, counterparts } from '../../state/compare/counterparts'
import { memoize } from '../../state/memoize'
import { activeSubstitutions, currentTokens, pieceKind, tokenName, vocabularyOf } from '../../state/selectors'
import { OTHER } from '../../state/side/side'
import type { AppStoreState } from '../../state/store'
import { useActions, useAppStore } from '../appContext'

const quoted = (text: string) => `“${text}”`

function substituteSentence(state: AppStoreState, { first, substitution, how }: Counterpart): string {
  const { [OTHER]: name } = sideNames(state)
  const wanted = quoted(bareText(tokenName(state, first.tokenId), pieceKind(state)))
  if (!substitution) return `${name} has no substitute for it under these filters.`
  const taken = quoted(bareText(tokenName(state, substitution.tokenId, OTHER), pieceKind(state, OTHER)))
  if (how === 'same') return `Both sides take ${wanted}.`
  if (state.session.comparison?.ownNearest) return `${name} takes its own nearest neighbour, ${taken}.`
  return `${name} has no single token ${wanted} to put there: its own nearest neighbour ${taken} is taken.`
}

/** Describes the tokens aligned with a token of the first side, and the substitute there. */
function sentence(state: AppStoreState, place: Counterpart): string {
  const { [OTHER]: name } = sideNames(state)
  const token = currentTokens(state)?.tokens[place.first.position]
  const there = currentTokens(state, OTHER)?.tokens ?? []
  const original = quoted(token ? bareText(token.text, pieceKind(state)) : `position ${place.first.position}`)
  const held = place.chosen ? '' : 'Kept change: '
  if (place.at === null) {
    return `${held}${original} has no counterpart in ${name}: nothing is changed there.`
  }
  const kind = pieceKind(state, OTHER)
  const names = place.opposite.map((at) => quoted(bareText(there[at]?.text ?? '', kind)))
  const opposite =
    names.length === 1
      ? `${name} reads ${original} as ${names[0]}`
      : `${name} reads ${original} as ${names.length} tokens, ${names.join(' + ')}; the first is replaced`
  return `${held}${opposite}. ${substituteSentence(state, place)}`
}

const NO_SENTENCES: readonly string[] = []

const sentences = memoize(
  (state: AppStoreState) => [
    counterparts(state, OTHER),
    sideNames(state),
    state.session.comparison?.ownNearest,
    vocabularyOf(state, OTHER),
  ],
  (state): readonly string[] =>
    counterparts(state, OTHER)?.map((place) => sentence(state, place)) ?? NO_SENTENCES,
)

/** Describes the change on the second side, and offers the choice between the same token and its own nearest one. */
export function CompareChange() {
  const said = useAppStore(sentences)
  const changed = useAppStore((state) => (activeSubstitutions(state)?.length ?? 0) > 0)
  const chosen = useAppStore((state) => state.session.position !== null)
  const ownNearest = useAppStore((state) => state.session.comparison?.ownNearest ?? false)
  const { setOwnNearest } = useActions()
  if (!changed && !chosen) {
    return (
      <p className="panel-hint">Choose a token of the review: its change is then measured on both sides.</p>
    )
  }
  return (
    <div className="compare-change">
      <div className="compare-sentences">
        {said.map((text) => (
          <p key={text}>{text}</p>
        ))}
      </div>
      <fieldset className="segments">
        <legend className="visually-hidden">Substitute on the second side</legend>
        <label title="The token of the same spelling, where its vocabulary has one">
          <input
            type="radio"
            name="compare-substitute"
            checked={!ownNearest}
            onChange={() => setOwnNearest(false)}
          />
          the same token
        </label>
        <label title="The nearest neighbour in the second model’s own embedding table">
          <input
            type="radio"
            name="compare-substitute"
            checked={ownNearest}
            onChange={() => setOwnNearest(true)}
          />
          each its own nearest
        </label>
      </fieldset>
    </div>
  )
}
