import { TINTS } from '../../../core/session/session'
import { answerKind } from '../../../state/review/answerKind'
import { shownTint } from '../../../state/review/tint'
import { modelInfo } from '../../../state/selectors'
import { useActions, useAppStore } from '../../appContext'
import { useSideStore } from '../../side'
import { quantityName } from '../layers/quantityNames'

const NO_ANSWER = 'This model gives no answer to this text that could move'

/** Picks the quantity that tints the review. */
export function TintSwitch() {
  const shown = useSideStore(shownTint)
  const kind = useSideStore(answerKind)
  const layers = useSideStore((state, side) => modelInfo(state, side)?.layers ?? null)
  const norm = useAppStore((state) => state.session.norm)
  const { setTint } = useActions()
  return (
    <fieldset className="segments tint-switch">
      <legend className="visually-hidden">Tint of the review</legend>
      {TINTS.map((tint) => {
        const { short, title } = quantityName(tint, { norm, layers, kind })
        const impossible = tint === 'answer' && kind === null
        return (
          <label key={tint} title={impossible ? NO_ANSWER : title} data-disabled={impossible || undefined}>
            <input
              type="radio"
              name="tint"
              checked={tint === shown}
              disabled={impossible}
              onChange={() => setTint(tint)}
            />
            <span>{short}</span>
          </label>
        )
      })}
    </fieldset>
  )
}
