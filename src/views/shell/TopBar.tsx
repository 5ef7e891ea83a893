import { lazy, Suspense, useCallback, useState } from 'react'
import { EXAMPLES } from '../../state/learn/examples'
import { stepOf } from '../../state/learn/lessonLink'
import { useActions, useAppStore } from '../appContext'
import { Disclosure } from '../Disclosure'
import { LearnDialog } from '../learn/LearnDialog'
import { useFirstVisit } from '../learn/useFirstVisit'
import { modelLine } from '../modelLine'
import { HelpDialog } from './HelpDialog'
import { LoadBar } from './LoadBar'
import { ModelPanel } from './ModelPanel'
import { SharePanel } from './SharePanel'
import { ThemeToggle } from './ThemeToggle'
import { ViewNav } from './ViewNav'

/** Loaded when it begins. */
const Tour = lazy(() => import('../learn/Tour'))

type OpenDialog = 'model' | 'share' | 'help' | 'learn' | null

/** Draws the name, the open model, and the actions of the whole page. */
export function TopBar() {
  const model = useAppStore((state) => state.model)
  const { openExample, setView } = useActions()
  const [dialog, setDialog] = useState<OpenDialog>(null)
  /** Returns a handler that closes only this dialog: one that another replaced reports its own closing afterwards. */
  const closeOf = (name: OpenDialog) => () => setDialog((open) => (open === name ? null : open))
  const [tour, setTour] = useState<'unasked' | 'asked' | null>(null)
  const leaveTour = useCallback(() => setTour(null), [])
  const [lesson] = useState(() => stepOf(window.location.search))
  useFirstVisit(
    useCallback(() => setTour(lesson === null ? 'unasked' : 'asked'), [lesson]),
    lesson !== null,
  )
  const startTour = () => {
    setDialog(null)
    setView('explore')
    setTour('asked')
  }
  return (
    <header className="topbar">
      <h1>Ripplescope</h1>
      <ViewNav />
      <div className="topbar-status">
        <button
          type="button"
          className="topbar-model"
          data-status={model.status}
          onClick={() => setDialog('model')}
        >
          <span className="dot" aria-hidden="true" />
          <span>
            <span className="visually-hidden">Model: </span>
            {modelLine(model)}
          </span>
        </button>
        <LoadBar />
      </div>
      <div className="topbar-tools">
        <Disclosure label="Examples">
          {(closeMenu) =>
            EXAMPLES.map(({ slug, title, reason }) => (
              <li key={slug}>
                <button
                  type="button"
                  onClick={() => {
                    openExample(slug)
                    closeMenu()
                  }}
                >
                  {title}
                  <span className="soft">{reason}</span>
                </button>
              </li>
            ))
          }
        </Disclosure>
        <button type="button" className="button button-accent" onClick={() => setDialog('share')}>
          Share
        </button>
        <ThemeToggle />
        <button
          type="button"
          className="button button-quiet button-icon"
          title="What is measured"
          onClick={() => setDialog('help')}
        >
          <span aria-hidden="true">?</span>
          <span className="visually-hidden">Help: what is measured</span>
        </button>
      </div>
      <ModelPanel open={dialog === 'model'} onClose={closeOf('model')} />
      <SharePanel open={dialog === 'share'} onClose={closeOf('share')} />
      <HelpDialog
        open={dialog === 'help'}
        onClose={closeOf('help')}
        onTour={startTour}
        onLearn={() => setDialog('learn')}
      />
      <LearnDialog open={dialog === 'learn'} onClose={closeOf('learn')} />
      {tour && (
        <Suspense fallback={null}>
          <Tour key={tour} asked={tour === 'asked'} first={lesson ?? 0} onLeave={leaveTour} />
        </Suspense>
      )}
    </header>
  )
}
