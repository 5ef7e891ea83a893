import { memo, useRef } from 'react'
import { useRovingFocus } from '../../useRovingFocus'
import { type ReviewLayout, type ReviewPiece, visibleSpaces } from './reviewLayout'
import { useVisiblePositions } from './useVisiblePositions'

/** Holds the look of one token beyond its spelling. */
export interface TokenLook {
  /** Strength of the tint, 0..1; 1 moves farthest; null while unknown. */
  readonly tint: number | null
  /** Note that is spoken and shown on hover: `shift l2 9.16`. */
  readonly note: string
  readonly least: boolean
}

interface ReviewTokensProps {
  readonly layout: ReviewLayout
  readonly maxTokens: number
  /** Looks by position. */
  readonly looks: readonly TokenLook[]
  /** Substitutes by position: the chosen one and the held ones. */
  readonly substitutes: ReadonlyMap<number, string>
  readonly chosen: number | null
  readonly showSpaces: boolean
  readonly onSelect: (position: number) => void
  /** Called when the pointer enters a token, or leaves it (null). */
  readonly onConsider?: (position: number | null) => void
  readonly onVisible?: (positions: readonly number[]) => void
}

/** Number of words, and of characters of one, above which the review scrolls in a box of its own. */
const LONG = { words: 150, word: 400 } as const

const isLong = ({ words }: ReviewLayout) =>
  words.length > LONG.words ||
  words.some(({ pieces }) => pieces.some(({ label }) => label.length > LONG.word))

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Mandaic}\p{Script=Adlam}]/u

/** Returns the direction of the first letter, as `dir="auto"` would; that looks into no button. */
function directionOf({ words }: ReviewLayout): 'ltr' | 'rtl' {
  for (const { pieces } of words) {
    for (const { label, special } of pieces) {
      const letter = special ? null : /\p{L}/u.exec(label)
      if (letter) return RIGHT_TO_LEFT.test(letter[0]) ? 'rtl' : 'ltr'
    }
  }
  return 'ltr'
}

/** Scripts whose letters change their form where they join the next one. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Mongolian}]/u
const JOINER = '\u200d'

/** Returns a piece's text with its letters in the forms that they have within the word: a button of its own parts them. */
function joined({ label, seam }: ReviewPiece): string {
  if (seam === null || !JOINING.test(label)) return label
  return `${seam === 'start' ? '' : JOINER}${label}${seam === 'end' ? '' : JOINER}`
}

const UNKNOWN: TokenLook = { tint: null, note: '', least: false }

/** Draws the review, a button a token; one of them is in the tab order, and the arrow keys move on from it. */
export function ReviewTokens(props: ReviewTokensProps) {
  const { layout, looks, substitutes, chosen, showSpaces, onSelect, onConsider, onVisible } = props
  const container = useRef<HTMLFieldSetElement>(null)
  const first = layout.words.flatMap((word) => word.pieces).find((piece) => !piece.special)?.position ?? 0
  const { current, onKeyDown, setCurrent } = useRovingFocus(container, chosen ?? first)
  useVisiblePositions(container, layout, onVisible)

  return (
    <fieldset
      ref={container}
      className="review-text"
      dir={directionOf(layout)}
      data-long={isLong(layout) || undefined}
      aria-label="Tokens of the review. Arrow keys move, Enter chooses"
      onKeyDown={onKeyDown}
      onPointerOver={({ target }) => onConsider?.(tokenPositionOf(target))}
      onPointerLeave={() => onConsider?.(null)}
    >
      {layout.before && <UnreadBefore before={layout.before} maxTokens={props.maxTokens} />}
      {layout.words.map((word) => (
        <span key={word.pieces[0].position}>
          {word.gap !== '' && <Gap text={word.gap} show={showSpaces} />}
          <span
            className={word.breakable ? undefined : 'word'}
            dir={directionOf({ ...layout, words: [word] })}
          >
            {word.pieces.map((piece) =>
              piece.special ? (
                showSpaces && (
                  <span key={piece.position} className="token-special">
                    {piece.label}{' '}
                  </span>
                )
              ) : (
                <TokenButton
                  key={piece.position}
                  piece={piece}
                  {...(looks[piece.position] ?? UNKNOWN)}
                  substitute={substitutes.get(piece.position) ?? null}
                  chosen={piece.position === chosen}
                  reachable={piece.position === current}
                  onSelect={onSelect}
                  onFocus={setCurrent}
                />
              ),
            )}
          </span>
        </span>
      ))}
      {layout.rest !== '' && <Gap text={layout.rest} show={showSpaces} />}
      {layout.truncated && <Unread truncated={layout.truncated} maxTokens={props.maxTokens} />}
    </fieldset>
  )
}

/** Returns the position of the token under a pointer. */
function tokenPositionOf(target: EventTarget): number | null {
  const token = target instanceof Element ? target.closest<HTMLElement>('[data-roving]') : null
  return token ? Number(token.dataset.roving) : null
}

function Gap({ text, show }: { readonly text: string; readonly show: boolean }) {
  return show ? <span className="space">{visibleSpaces(text)}</span> : text
}

function UnreadBefore({
  before,
  maxTokens,
}: {
  readonly before: NonNullable<ReviewLayout['before']>
  readonly maxTokens: number
}) {
  return (
    <>
      <span className="review-unread">
        {before.hidden > 0 && `${before.hidden.toLocaleString('en')} more characters and … `}
        {before.head}
      </span>
      <span className="review-limit" role="note">
        the model begins to read here ({maxTokens} tokens)
      </span>
    </>
  )
}

function Unread({
  truncated,
  maxTokens,
}: {
  readonly truncated: NonNullable<ReviewLayout['truncated']>
  readonly maxTokens: number
}) {
  return (
    <>
      <span className="review-limit" role="note">
        the model stops reading here ({maxTokens} tokens)
      </span>
      <span className="review-unread">
        {truncated.tail}
        {truncated.hidden > 0 && `… and ${truncated.hidden.toLocaleString('en')} more characters`}
      </span>
    </>
  )
}

interface TokenButtonProps extends TokenLook {
  readonly piece: ReviewPiece
  readonly substitute: string | null
  readonly chosen: boolean
  readonly reachable: boolean
  readonly onSelect: (position: number) => void
  readonly onFocus: (position: number) => void
}

const TokenButton = memo(function TokenButton(props: TokenButtonProps) {
  const { piece, tint, note, least, substitute, chosen, reachable, onSelect, onFocus } = props
  const spoken = [
    substitute === null ? piece.label : `${substitute} in the place of ${piece.label}`,
    piece.seam === 'middle' || piece.seam === 'end' ? 'goes on the word before' : '',
    note,
    least ? 'one of the five least impactful' : '',
  ]
  return (
    <button
      type="button"
      className="token"
      data-roving={piece.position}
      data-seam={piece.seam ?? undefined}
      data-least={least || undefined}
      data-held={(substitute !== null && !chosen) || undefined}
      data-untinted={tint === null || undefined}
      style={tint === null ? undefined : { '--tint': `${tint}` }}
      aria-pressed={chosen}
      aria-label={spoken.filter(Boolean).join(', ')}
      title={note || undefined}
      tabIndex={reachable ? 0 : -1}
      onClick={() => onSelect(piece.position)}
      onFocus={() => onFocus(piece.position)}
    >
      {substitute === null ? (
        joined(piece)
      ) : (
        <>
          {substitute}
          <del>{joined(piece)}</del>
        </>
      )}
    </button>
  )
})
