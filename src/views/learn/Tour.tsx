import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { encodePermalink } from '../../core/session/permalink'
import { tourMemory } from '../../state/learn/learnTour'
import { stepLink } from '../../state/learn/lessonLink'
import { useActions, useAppStore } from '../appContext'
import { copyText } from '../download'
import { type Box, placeNextTo, scrollFor } from './tourPlacement'
import { TOUR_STEPS, type TourStep } from './tourSteps'
import './learn.css'

interface TourProps {
  /**
   * True if the user asked for it: it takes the focus. A tour that starts at a first visit leaves the focus where it
   * is.
   */
  readonly asked: boolean
  /** Index of the step to begin with. */
  readonly first?: number
  readonly onLeave: () => void
}

/** Height that the phone's bar at the bottom may cover, px. */
const BOTTOM_BAR = 64

interface Placed {
  readonly words: Box
  readonly target: Box
}

function targetOf({ targets }: TourStep): HTMLElement | null {
  for (const selector of targets) {
    const found = document.querySelector<HTMLElement>(selector)
    if (found?.checkVisibility()) return found
  }
  return null
}

function boxOf(element: Element): Box {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { left: left + window.scrollX, top: top + window.scrollY, width, height }
}

/**
 * Draws steps next to what they explain. Not modal: the page stays usable, and Escape or a button leaves it for
 * good.
 */
export default function Tour({ asked, first = 0, onLeave }: TourProps) {
  const [index, setIndex] = useState(Math.min(first, TOUR_STEPS.length - 1))
  /** True once the user has moved within the tour: from then on it may scroll and take the focus. */
  const [led, setLed] = useState(asked)
  const [placed, setPlaced] = useState<Placed | null>(null)
  const panel = useRef<HTMLDivElement>(null)
  const returnTo = useRef<Element | null>(null)
  const titleId = useId()
  const bodyId = useId()
  const shown = useAppStore((state) => state.session.view === 'explore')
  const step = TOUR_STEPS[index]

  const place = useCallback((): Placed | null => {
    const element = targetOf(step)
    if (!element || !panel.current) return null
    const target = boxOf(element)
    const size = panel.current.getBoundingClientRect()
    const width = document.documentElement.clientWidth
    const next = { target, words: placeNextTo(target, size, width, step.sides) }
    setPlaced((former) => (JSON.stringify(former) === JSON.stringify(next) ? former : next))
    return next
  }, [step])

  useLayoutEffect(() => {
    if (!shown) return
    const next = place()
    if (next && led) {
      const view = { top: window.scrollY, height: window.innerHeight - BOTTOM_BAR }
      const top = scrollFor(next.target, next.words, view)
      if (top !== view.top) window.scrollTo(0, top)
    }
    const observer = new ResizeObserver(() => place())
    observer.observe(document.body)
    const element = targetOf(step)
    if (element) observer.observe(element)
    window.addEventListener('resize', place)
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', place)
    }
  }, [shown, led, place, step])

  useEffect(() => {
    returnTo.current = document.activeElement
  }, [])

  const inPlace = placed !== null
  // Runs after the dialog that started the tour has closed and returned the focus.
  useEffect(() => {
    if (led && inPlace && shown && step) panel.current?.focus({ preventScroll: true })
  }, [led, inPlace, shown, step])

  const leave = useCallback(() => {
    tourMemory(() => localStorage).leave()
    if (panel.current?.contains(document.activeElement)) focusAfter(returnTo.current, targetOf(step))
    onLeave()
  }, [onLeave, step])

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return
      // A field uses Escape itself.
      const field = event.target instanceof Element && event.target.closest('input, textarea, .menu')
      if (!field) leave()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [leave])

  if (!shown) return null
  const go = (to: number) => {
    setLed(true)
    setIndex(to)
  }
  const last = index === TOUR_STEPS.length - 1
  return (
    <>
      {placed && <div className="tour-ring" aria-hidden="true" style={ringOf(placed.target)} />}
      <div
        ref={panel}
        className="tour"
        role="dialog"
        aria-labelledby={titleId}
        aria-describedby={bodyId}
        tabIndex={-1}
        style={placed ? { left: placed.words.left, top: placed.words.top } : { visibility: 'hidden' }}
      >
        <div className="tour-place soft">
          <p>
            Tour, step {index + 1} of {TOUR_STEPS.length}
          </p>
          <CopyStepLink index={index} />
        </div>
        <h2 id={titleId}>{step.title}</h2>
        <p id={bodyId}>{step.body}</p>
        {step.Task && <step.Task key={index} />}
        <div className="tour-buttons">
          <button type="button" className="button button-quiet" onClick={leave}>
            {last ? 'Close' : 'Leave the tour'}
          </button>
          {index > 0 && (
            <button type="button" className="button" onClick={() => go(index - 1)}>
              Back
            </button>
          )}
          <button
            type="button"
            className="button button-accent"
            onClick={() => (last ? leave() : go(index + 1))}
          >
            {last ? 'Done' : 'Next'}
          </button>
        </div>
      </div>
      <Unasked asked={asked} />
    </>
  )
}

/** Copies a link that opens this session at this step, for a lesson. */
function CopyStepLink({ index }: { readonly index: number }) {
  const session = useAppStore((state) => state.session)
  const { notify } = useActions()
  const copy = async () => {
    const link = stepLink(window.location, index, encodePermalink(session))
    const copied = await copyText(link)
    notify({ tone: 'info', text: copied ? 'The link to this step was copied.' : link })
  }
  return (
    <button
      type="button"
      className="button-text"
      title="A link that opens this text and this step of the tour"
      onClick={copy}
    >
      Copy link
    </button>
  )
}

/** Announces that a tour began that nobody asked for; the focus stays where it is. */
function Unasked({ asked }: { readonly asked: boolean }) {
  const [said, setSaid] = useState(false)
  useEffect(() => setSaid(true), [])
  return (
    <p className="visually-hidden" role="status">
      {said && !asked && `A tour of ${TOUR_STEPS.length} steps began. Escape leaves it.`}
    </p>
  )
}

const RING = 5

function ringOf({ left, top, width, height }: Box) {
  return { left: left - RING, top: top - RING, width: width + 2 * RING, height: height + 2 * RING }
}

/** Returns the focus to its former place, else to the element explained last. */
function focusAfter(former: Element | null, target: HTMLElement | null): void {
  const usable = former instanceof HTMLElement && former !== document.body && former.checkVisibility()
  const inside = target?.querySelector<HTMLElement>('[tabindex="0"], button, input, a[href]')
  if (usable) former.focus()
  else inside?.focus({ preventScroll: true })
}
