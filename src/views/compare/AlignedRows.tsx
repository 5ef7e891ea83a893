import { useRef, useState } from 'react'
import type { AlignedBlock } from '../../core/comparison/alignment'
import { bareText } from '../../core/text/token'
import { sideNames } from '../../state/compare/compareSelectors'
import { counterparts } from '../../state/compare/counterparts'
import { memoize, memoizeSides } from '../../state/memoize'
import {
  activeSubstitutions,
  chosenPosition,
  pieceKind,
  tokenName,
  vocabularyOf,
} from '../../state/selectors'
import { OTHER } from '../../state/side/side'
import type { AppStoreState } from '../../state/store'
import { useActions, useAppStore } from '../appContext'
import { useRovingFocus } from '../useRovingFocus'
import { type AlignedTokens, alignedTokens, blocksAround } from './compareTokens'

/** Number of blocks shown before "all of them". */
const ROOM = 300

/** Returns the substitutes on a side, by position. */
const substitutes = memoizeSides(
  (state: AppStoreState, side) => [activeSubstitutions(state, side), vocabularyOf(state, side)],
  (state, side): ReadonlyMap<number, string> =>
    new Map(
      activeSubstitutions(state, side)?.map(({ position, tokenId }) => [
        position,
        bareText(tokenName(state, tokenId, side), pieceKind(state, side)),
      ]),
    ),
)

const substitutesOfSecond = (state: AppStoreState) => substitutes(state, OTHER)

const opposites = memoize(
  (state: AppStoreState) => [counterparts(state, OTHER)],
  (state) => new Set(counterparts(state, OTHER)?.flatMap(({ opposite, chosen }) => (chosen ? opposite : []))),
)

/** Draws the tokens of both sides, aligned. A token of the second side leads to its counterpart. */
export function AlignedRows() {
  const tokens = useAppStore(alignedTokens)
  const [first, second] = useAppStore(sideNames)
  const position = useAppStore(chosenPosition)
  const [all, setAll] = useState(false)
  if (!tokens) return null
  const blocks = all ? tokens.blocks : blocksAround(tokens.blocks, position, ROOM)
  return (
    <div className="compare-rows">
      <p className="soft">
        Above: {first}. Below: {second}; click a token below to choose it above.
      </p>
      <Rows tokens={tokens} blocks={blocks} />
      {blocks.length < tokens.blocks.length && (
        <button type="button" className="button-text" onClick={() => setAll(true)}>
          Show all {tokens.blocks.length.toLocaleString('en')} places
        </button>
      )}
    </div>
  )
}

function Rows({
  tokens,
  blocks,
}: {
  readonly tokens: AlignedTokens
  readonly blocks: readonly AlignedBlock[]
}) {
  const container = useRef<HTMLFieldSetElement>(null)
  const chosen = useAppStore(chosenPosition)
  const marked = useAppStore(opposites)
  const placed = useAppStore(substitutes)
  const placedOnSecond = useAppStore(substitutesOfSecond)
  const { [OTHER]: secondName } = useAppStore(sideNames)
  const { selectPosition } = useActions()
  const leading = blocks.flatMap(({ second }) => second).find((at) => tokens.firstOf[at] !== null) ?? 0
  const [at] = marked
  const { current, onKeyDown, setCurrent } = useRovingFocus(container, at ?? leading)
  return (
    <fieldset
      ref={container}
      className="aligned"
      aria-label={`Tokens of both sides. Arrow keys move along ${secondName}, Enter chooses`}
      onKeyDown={onKeyDown}
    >
      {blocks.map(({ first, second }) => (
        <span key={first[0] ?? `s${second[0]}`} className="aligned-block">
          <span className="aligned-first">
            {first.map((position) => (
              <span
                key={position}
                className="aligned-token"
                data-chosen={position === chosen || undefined}
                data-held={(position !== chosen && placed.has(position)) || undefined}
              >
                <Spelled label={tokens.first[position]} substitute={placed.get(position)} />
              </span>
            ))}
            {first.length === 0 && <None />}
          </span>
          <span className="aligned-second">
            {second.map((position) => {
              const to = tokens.firstOf[position]
              const label = tokens.second[position]
              const substitute = placedOnSecond.get(position)
              const look = {
                className: 'aligned-token',
                'data-chosen': marked.has(position) || undefined,
                'data-held': (!marked.has(position) && substitute !== undefined) || undefined,
              }
              if (to === null) {
                return (
                  <span key={position} {...look} data-alone="" title={`Only in ${secondName}`}>
                    {label}
                  </span>
                )
              }
              return (
                <button
                  key={position}
                  type="button"
                  {...look}
                  data-roving={position}
                  tabIndex={position === current ? 0 : -1}
                  aria-pressed={marked.has(position)}
                  aria-label={[
                    substitute === undefined ? label : `${substitute} in the place of ${label}`,
                    `opposite ${tokens.first[to]}`,
                  ].join(', ')}
                  onClick={() => selectPosition(to)}
                  onFocus={() => setCurrent(position)}
                >
                  <Spelled label={label} substitute={substitute} />
                </button>
              )
            })}
            {second.length === 0 && <None />}
          </span>
        </span>
      ))}
    </fieldset>
  )
}

function Spelled({ label, substitute }: { readonly label: string; readonly substitute?: string }) {
  if (substitute === undefined) return label
  return (
    <>
      {substitute}
      <del>{label}</del>
    </>
  )
}

/** Draws the place of a token that has no counterpart. */
function None() {
  return (
    <span className="aligned-none">
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">nothing</span>
    </span>
  )
}
