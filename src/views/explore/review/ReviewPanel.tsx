import { useMemo, useState } from 'react'
import { AmountLegend } from '../../../charts/AmountLegend'
import { cleanHtml, hasHtmlBreaks } from '../../../core/text/cleanHtml'
import type { ReviewTint } from '../../../state/review/tint'
import { chosenPosition, currentTokens, pieceKind } from '../../../state/selectors'
import { OWN } from '../../../state/side/side'
import { isModelOpen, modelInfo } from '../../../state/side/sideModel'
import { sideText } from '../../../state/side/sideTokens'
import type { AppStoreState } from '../../../state/store'
import { useActions } from '../../appContext'
import { SideSwitch, useSide, useSideStore } from '../../side'
import { Term } from '../../Term'
import { useScaleColors } from '../../theme'
import { useWanted } from '../../useWanted'
import { useSubstituteLabels } from '../neighbors/useSubstituteLabels'
import { AllTokens } from './AllTokens'
import { ExampleButtons } from './ExampleButtons'
import { ReviewEditor } from './ReviewEditor'
import { ReviewPreview } from './ReviewPreview'
import { ReviewTokens } from './ReviewTokens'
import { layOutReview } from './reviewLayout'
import { TintSwitch } from './TintSwitch'
import { useChoosing } from './useChoosing'
import { useReviewLooks } from './useReviewLooks'
import { useTextEditing } from './useTextEditing'

/** Token limit if no model says otherwise: [CLS], the text, [SEP] within 512 tokens. */
const USUAL_LIMIT = 512

/** Draws the review itself: tokens to choose from, or a text field. */
export function ReviewPanel() {
  const text = useSideStore(sideText) ?? ''
  const side = useSide()
  const { editing, button, begin, finish } = useTextEditing()
  const [showSpaces, setShowSpaces] = useState(false)

  return (
    <section aria-labelledby="review-heading">
      <div className="review-head">
        <h2 id="review-heading">
          Review <TokenCount />
        </h2>
        {side !== OWN ? null : editing ? (
          <button type="button" className="button-text" onClick={finish}>
            Done
          </button>
        ) : (
          <button ref={button} type="button" className="button-text" onClick={begin}>
            {text === '' ? 'Type a review' : 'Edit text'}
          </button>
        )}
        {!editing && text.trim() !== '' && (
          <label className="check">
            <input type="checkbox" checked={showSpaces} onChange={() => setShowSpaces(!showSpaces)} />
            show spaces
          </label>
        )}
      </div>
      {!editing && <SideSwitch what="Review" />}
      {editing && side === OWN ? (
        <EditedReview text={text} onDone={finish} />
      ) : side !== OWN && text.trim() === '' ? (
        <p className="panel-hint">The second text is empty: type one to compare with.</p>
      ) : text === '' ? (
        <EmptyReview onType={begin} />
      ) : (
        <>
          <TokenizedReview text={text} showSpaces={showSpaces} />
          <AllTokens />
        </>
      )}
      {side === OWN && <LineBreaksOffer text={text} />}
    </section>
  )
}

/** Offers to clean texts copied from web pages, as Corpus does. */
function LineBreaksOffer({ text }: { readonly text: string }) {
  const { editText, commitText } = useActions()
  const found = useMemo(() => hasHtmlBreaks(text), [text])
  if (!found) return null
  return (
    <p className="soft">
      The text has HTML line breaks, which the model reads as text.{' '}
      <button
        type="button"
        className="button-text"
        onClick={() => {
          editText(cleanHtml(text))
          commitText()
        }}
      >
        Turn {'<br />'} into line breaks
      </button>
    </p>
  )
}

/** Characters a token of English, about. */
const CHARACTERS_A_TOKEN = 4.5

const maxTokensOf = (state: AppStoreState, side: number) =>
  (side === OWN ? state.model.info : modelInfo(state, side))?.maxTokens ?? USUAL_LIMIT

/** Shows `48 of 512 tokens`, live while typing. */
function TokenCount() {
  const { value, status } = useSideStore((state, side) => state.sides[side].tokenized)
  const counted = useSideStore(
    (state, side) => isModelOpen(state, side) || currentTokens(state, side) !== null,
  )
  const maxTokens = useSideStore(maxTokensOf)
  const length = useSideStore((state, side) => sideText(state, side)?.length ?? 0)
  if (!value || !counted) {
    // Reserves about the same width, so that nothing moves when the count arrives.
    const digits = '0'.repeat(String(Math.ceil(length / CHARACTERS_A_TOKEN)).length)
    return length === 0 ? null : (
      <span className="review-uncounted">{`· ${digits} / ${maxTokens} tokens`}</span>
    )
  }
  const total = value.totalTokens.toLocaleString('en')
  return (
    <span className={status === 'loading' ? 'stale' : undefined}>
      · {value.totalIsAtLeast && 'more than '}
      {total} / {maxTokens} tokens
      {(value.truncatedAt !== null || value.readFrom !== undefined) && ', cut at the limit'}
    </span>
  )
}

function EditedReview({ text, onDone }: { readonly text: string; readonly onDone: () => void }) {
  const { editText } = useActions()
  return (
    <>
      <ReviewEditor text={text} onEdit={editText} onDone={onDone} />
      <p className="soft">Escape or Ctrl + Enter shows the tokens again.</p>
    </>
  )
}

function EmptyReview({ onType }: { readonly onType: () => void }) {
  const { editText, commitText, notify } = useActions()
  const paste = async () => {
    try {
      const text = await navigator.clipboard.readText()
      if (text.trim() === '') notify({ tone: 'info', text: 'The clipboard holds no text.' })
      else {
        editText(text)
        commitText()
      }
    } catch {
      notify({ tone: 'info', text: 'The browser keeps the clipboard to itself: press Ctrl + V instead.' })
    }
  }
  return (
    <div className="review-empty">
      <p>Paste a review, type one, or begin with an example.</p>
      <div className="row">
        <button type="button" className="button button-accent" onClick={paste}>
          Paste
        </button>
        <button type="button" className="button" onClick={onType}>
          Type
        </button>
        <ExampleButtons />
      </div>
    </div>
  )
}

/** Ends of the tint's scale, in words. */
const TINT_ENDS = ['barely moves', 'moves far'] as const

/** Says how many tokens of the review are measured, where their values come one by one. */
function Measured({ quantity, known, total }: ReviewTint) {
  if (quantity === 'shift') return null
  return (
    <span className="tint-progress">
      {known < total ? `${known} of ${total} measured` : `all ${total} measured`}
    </span>
  )
}

interface TokenizedReviewProps {
  readonly text: string
  readonly showSpaces: boolean
}

function TokenizedReview({ text, showSpaces }: TokenizedReviewProps) {
  const tokenized = useSideStore(currentTokens)
  const failure = useSideStore((state, side) => state.sides[side].tokenized.failure)
  const chosen = useSideStore((state, side) =>
    side === OWN ? state.session.position : chosenPosition(state, side),
  )
  const maxTokens = useSideStore(maxTokensOf)
  const side = useSide()
  const { considerChange, setVisiblePositions } = useActions()
  const choose = useChoosing()
  useWanted('shifts')
  const kind = useSideStore(pieceKind)
  const layout = useMemo(() => (tokenized ? layOutReview(tokenized, kind) : null), [tokenized, kind])
  const { looks, tint, transform } = useReviewLooks()
  const substitutes = useSubstituteLabels()
  const tints = useScaleColors('--tint-weak', '--tint-strong')

  if (!layout) {
    return (
      <>
        <ReviewPreview text={text} />
        <p className="review-legend">{failure?.message ?? 'Cutting the text into tokens…'}</p>
      </>
    )
  }
  return (
    <>
      <ReviewTokens
        layout={layout}
        maxTokens={maxTokens}
        looks={looks}
        substitutes={substitutes}
        chosen={chosen}
        showSpaces={showSpaces}
        onSelect={choose}
        onConsider={
          side === OWN
            ? (position) => considerChange(position === null ? null : { position, tokenId: null })
            : undefined
        }
        onVisible={side === OWN ? setVisiblePositions : undefined}
      />
      <div className="review-legend">
        {tint ? (
          <>
            <TintSwitch />
            {tint.domain && (
              <AmountLegend ends={TINT_ENDS} domain={tint.domain} colors={tints} transform={transform} />
            )}
            <Measured {...tint} />
            <span className="least-key">
              five <Term name="Least-impactful tokens">least-impactful tokens</Term>
            </span>
          </>
        ) : (
          <span>Click a word, or walk with the arrow keys.</span>
        )}
      </div>
    </>
  )
}
