import { formatBytes } from '../../core/formatBytes'
import { modelInfo } from '../../state/selectors'
import { useAppStore } from '../appContext'

const EXCERPT = 220

/** Describes the panels before the model is loaded, and draws the button that loads it. */
export function EmbedStart({
  unanswered,
  onWake,
}: {
  readonly unanswered: boolean
  readonly onWake: () => void
}) {
  const bytes = useAppStore((state) => modelInfo(state)?.bytes ?? null)
  const text = useAppStore((state) => state.session.text)
  const size = bytes === null ? '' : ` (${formatBytes(bytes)})`
  return (
    <div className="embed-start">
      {unanswered && text !== '' && (
        <blockquote className="serif">
          {text.slice(0, EXCERPT)}
          {text.length > EXCERPT && '…'}
        </blockquote>
      )}
      <p className="soft">
        {unanswered
          ? `There are no ready-made results for this. The model${size} measures it inside this frame; no text leaves your machine.`
          : `Computed beforehand. Touch it to run the model here${size}.`}
      </p>
      <button type="button" className={unanswered ? 'button button-accent' : 'button'} onClick={onWake}>
        {unanswered ? 'Measure it here' : 'Run it here'}
      </button>
    </div>
  )
}
