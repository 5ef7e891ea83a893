import { type KeyboardEvent, type ReactNode, useEffect, useMemo } from 'react'
import type { EmbedPanel } from '../../state/learn/embed'
import { activeSubstitutions, currentTokens, provenanceLine, substitutionsLabel } from '../../state/selectors'
import { fragmentOf } from '../../state/session/permalinkSync'
import { OWN } from '../../state/side/side'
import type { AppStoreState } from '../../state/store'
import { useAppStore } from '../appContext'
import { CurvePanel } from '../explore/layers/CurvePanel'
import { RipplePanel } from '../explore/layers/RipplePanel'
import { NeighborPanel } from '../explore/neighbors/NeighborPanel'
import { ReviewPanel } from '../explore/review/ReviewPanel'
import { Announcer } from '../shell/Announcer'
import { LoadBar, LoadFailure } from '../shell/LoadBar'
import { Notices } from '../shell/Notices'
import { EmbedStart } from './EmbedStart'
import { WholePageLink } from './WholePageLink'
import '../learn/learn.css'

interface EmbedViewProps {
  readonly panels: readonly EmbedPanel[]
  /** Called, possibly repeatedly, when the reader uses a panel, which needs the model. */
  readonly onWake: () => void
}

const PANELS: Readonly<Record<EmbedPanel, () => ReactNode>> = {
  review: () => (
    <div className="embed-review">
      <ReviewPanel />
    </div>
  ),
  neighbors: () => <NeighborPanel />,
  curve: () => <CurvePanel />,
  ripple: () => <RipplePanel />,
}

export const EMBED_PANEL_NAMES: Readonly<Record<EmbedPanel, string>> = {
  review: 'review tokens',
  neighbors: 'substitutes',
  curve: 'distance by layer',
  ripple: 'ripple map',
}

/** Keys that only move through or past a page: they do not count as use. */
const PASSING = new Set(['Tab', 'Shift', 'Control', 'Alt', 'Meta', 'Escape', 'PageUp', 'PageDown'])

/** Says whether the text, or its change, was not computed beforehand, so that only an open model can answer. */
const isUnanswered = (state: AppStoreState) =>
  state.model.status !== 'ready' &&
  [state.sides[OWN].tokenized, state.sides[OWN].measurement].some(
    ({ failure }) => failure?.kind === 'not-ready',
  )

const changeOf = (state: AppStoreState) =>
  substitutionsLabel(state, currentTokens(state), activeSubstitutions(state) ?? [])

/** Draws single panels of a session, in a frame of another page, from shipped results until the reader uses them. */
export function EmbedView({ panels, onWake }: EmbedViewProps) {
  const asleep = useAppStore((state) => state.model.status === 'idle' && state.model.failure === null)
  const unanswered = useAppStore(isUnanswered)
  const unread = useAppStore(
    (state) => currentTokens(state) === null && state.sides[OWN].tokenized.status !== 'idle',
  )
  const change = useAppStore(changeOf)
  const title = `Ripplescope: ${panels.map((panel) => EMBED_PANEL_NAMES[panel]).join(', ')}`

  useEffect(() => {
    document.title = title
  }, [title])

  const wakeByKey = (event: KeyboardEvent) => {
    if (!PASSING.has(event.key)) onWake()
  }
  return (
    <div className="embed">
      <main onClickCapture={onWake} onKeyDownCapture={wakeByKey}>
        <h1 className="visually-hidden">{title}</h1>
        {change !== '' && <p className="embed-change serif">{change}</p>}
        {asleep && <EmbedStart unanswered={unanswered} onWake={onWake} />}
        <div className="embed-load">
          <LoadBar />
        </div>
        <LoadFailure />
        {!(asleep && unanswered && unread) && (
          <div className="embed-panels">
            {panels.map((panel) => (
              <div key={panel}>{PANELS[panel]()}</div>
            ))}
          </div>
        )}
        <Announcer />
      </main>
      <EmbedFoot />
      <Notices />
    </div>
  )
}

function EmbedFoot() {
  const session = useAppStore((state) => state.session)
  const provenance = useAppStore(provenanceLine)
  const fragment = useMemo(() => fragmentOf(session), [session])
  return (
    <footer className="embed-foot soft">
      <WholePageLink fragment={fragment} />
      {provenance && <span>{provenance}</span>}
    </footer>
  )
}
