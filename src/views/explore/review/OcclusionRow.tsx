import { formatNumber } from '../../../charts/formatNumber'
import type { ChangeEffect } from '../../../core/measures/changeEffect'
import { type RankAgreement, rankAgreement } from '../../../core/measures/rankAgreement'
import { memoizeSides } from '../../../state/memoize'
import { answerKind } from '../../../state/review/answerKind'
import { secondsFor } from '../../../state/review/flipSelectors'
import { hiddenEffect, presentOcclusion } from '../../../state/review/occlusion'
import { reviewRows } from '../../../state/review/reviewRows'
import { amountOf, shownTint } from '../../../state/review/tint'
import { modelInfo } from '../../../state/selectors'
import { isModelOpen } from '../../../state/side/sideModel'
import type { AppStoreState } from '../../../state/store'
import { useActions, useAppStore } from '../../appContext'
import { formatDuration } from '../../formatDuration'
import { useSide, useSideStore } from '../../side'
import { ForwardProgress } from '../ForwardProgress'
import { quantityName } from '../layers/quantityNames'

/** Names two ways to change a token, and how much their rankings of the review agree. */
interface Pair {
  readonly names: string
  readonly agreement: RankAgreement
}

const NO_PAIRS: readonly Pair[] = []

/** Returns how much the rankings agree by the quantity that tints the review, over the tokens measured in both ways. */
const pairsOf = memoizeSides(
  (state: AppStoreState, side) => [
    reviewRows(state, side),
    presentOcclusion(state, side),
    shownTint(state, side),
    state.session.norm,
  ],
  (state, side): readonly Pair[] => {
    const occlusion = presentOcclusion(state, side)
    if (!occlusion) return NO_PAIRS
    const quantity = shownTint(state, side)
    const { norm } = state.session
    const amount = (effect: ChangeEffect | null) => (effect ? amountOf(effect, quantity, norm) : null)
    const rows = reviewRows(state, side)
    const nearest = rows.map(({ nearest: { shift }, effect }) =>
      quantity === 'shift' ? shift[norm] : amount(effect),
    )
    const masked = rows.map(({ position }) => amount(hiddenEffect(occlusion, 'masked', position)))
    const deleted = rows.map(({ position }) => amount(hiddenEffect(occlusion, 'deleted', position)))
    return [
      { names: 'nearest – [MASK]', agreement: rankAgreement(nearest, masked) },
      { names: 'nearest – deletion', agreement: rankAgreement(nearest, deleted) },
      { names: '[MASK] – deletion', agreement: rankAgreement(masked, deleted) },
    ].filter(({ agreement }) => agreement.correlation.n > 1)
  },
)

const DELETION =
  'Deletion compares the tokens that remain, each with itself in the original; those behind the gap stand one position earlier.'

/** Says how much rankings by the nearest neighbour, by the mask token and by deletion agree; measured on demand. */
export default function OcclusionRow() {
  const occlusion = useSideStore(presentOcclusion)
  const pairs = useSideStore(pairsOf)
  const rows = useSideStore(reviewRows)
  const quantity = useSideStore(shownTint)
  const kind = useSideStore(answerKind)
  const layers = useSideStore((state, side) => modelInfo(state, side)?.layers ?? null)
  const norm = useAppStore((state) => state.session.norm)
  const open = useSideStore(isModelOpen)
  const seconds = useSideStore((state, side) => secondsFor(state, side, 2 * rows.length))
  const side = useSide()
  const { measureOcclusion } = useActions()
  const { short } = quantityName(quantity, { norm, layers, kind })
  const status = occlusion?.task.status
  if (rows.length === 0) return null
  if (status === 'running') {
    const { progress } = occlusion?.task ?? {}
    return (
      <ForwardProgress
        label="Tokens hidden"
        done={progress?.done ?? 0}
        total={progress?.total ?? 1}
        text={`[MASK] and deletion: ${progress?.done ?? 0} of ${progress?.total ?? '…'}`}
        onStop={() => measureOcclusion(false, side)}
      />
    )
  }
  return (
    <div className="occlusion">
      {status === 'failed' && (
        <p className="panel-hint" role="alert">
          {occlusion?.task.failure?.message} {occlusion?.task.failure?.advice}
        </p>
      )}
      {occlusion && pairs.length > 0 && (
        <p role="status">
          Rankings by {short} agree{status === 'stopped' && ', as far as they are measured'}:{' '}
          {pairs.map(({ names, agreement }, i) => (
            <span key={names}>
              {i > 0 && ' · '}
              {names} <strong>ρ {formatNumber(agreement.correlation.coefficient)}</strong>, {agreement.shared}{' '}
              of the first {agreement.of}
            </span>
          ))}
          .{' '}
          <span className="soft">
            {!occlusion.hasMask && 'This vocabulary has no mask token. '}
            {DELETION}
          </span>
        </p>
      )}
      {status === 'done' && pairs.length === 0 && (
        <p className="soft" role="status">
          Hidden tokens have no {short} here: tint by the shift or the distance to compare.
        </p>
      )}
      {status !== 'done' && (
        <p className="row">
          <button
            type="button"
            className="button"
            disabled={!open}
            title={DELETION}
            onClick={() => measureOcclusion(true, side)}
          >
            {status === 'stopped' ? 'Go on' : 'Compare with occlusion'}
          </button>
          <span className="soft">
            each token masked, then deleted: at most {2 * rows.length} forwards
            {seconds !== null && `, ${formatDuration(seconds)} here`}
          </span>
        </p>
      )}
    </div>
  )
}
