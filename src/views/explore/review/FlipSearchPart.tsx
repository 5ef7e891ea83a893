import { useId, useState } from 'react'
import { formatNumber } from '../../../charts/formatNumber'
import type { FlipProgress, FlipSearchResult } from '../../../core/measures/flipSearch'
import { substitutionsKey } from '../../../core/measures/substitution'
import type { FlipSearch, FlipSettings } from '../../../state/results'
import {
  type FlipKind,
  flipKind,
  flipSearch,
  mostForwards,
  secondsFor,
} from '../../../state/review/flipSelectors'
import { substitutionsLabel } from '../../../state/selectors'
import { OWN } from '../../../state/side/side'
import { isModelOpen } from '../../../state/side/sideModel'
import { useActions, useAppStore } from '../../appContext'
import { formatDuration } from '../../formatDuration'
import { useSide, useSideStore } from '../../side'
import { ForwardProgress } from '../ForwardProgress'

/** Meaning of a flip, by the model's answer; or the reason why nothing flips. */
const MEANINGS: Readonly<Record<FlipKind, string>> = {
  label: 'Another label comes first.',
  independent: 'Another label comes first, or the first one passes one half.',
  'next-token': 'Another token comes first after the text.',
  mask: 'Another token comes first at the mask.',
  score: 'This model gives scores, which flip no label: there is nothing to search for.',
  none: 'This model gives no answer to this text that could flip.',
}

const NONE: ReadonlySet<FlipKind> = new Set(['score', 'none'])

const MOST = [1, 2, 3, 4, 6, 8]
const NEIGHBORS = [1, 3, 5, 10]
const BEAMS = [1, 3, 8]
const FIRST: FlipSettings = { most: 4, neighbors: 3, beam: 3 }

/** Draws the search for the fewest substitutions that flip the answer. */
export default function FlipSearchPart() {
  const kind = useSideStore(flipKind)
  const heading = useId()
  return (
    <section className="flip-search" aria-labelledby={heading}>
      <h3 id={heading}>Fewest substitutions that flip</h3>
      <p className="soft">{MEANINGS[kind]}</p>
      {!NONE.has(kind) && <Search />}
    </section>
  )
}

function Search() {
  const search = useSideStore(flipSearch)
  const side = useSide()
  const [settings, setSettings] = useState<FlipSettings>(search?.settings ?? FIRST)
  const forwards = useSideStore((state, at) => mostForwards(state, at, settings))
  const seconds = useSideStore((state, at) => (forwards === null ? null : secondsFor(state, at, forwards)))
  const open = useSideStore(isModelOpen)
  const { searchFlips } = useActions()
  const running = search?.task.status === 'running'
  const same = search !== null && JSON.stringify(search.settings) === JSON.stringify(settings)
  const change = (part: Partial<FlipSettings>) => setSettings({ ...settings, ...part })
  return (
    <>
      <div className="flip-settings">
        <Choice label="at most" of={MOST} value={settings.most} onChange={(most) => change({ most })}>
          substitutions,
        </Choice>
        <Choice
          label="by the nearest"
          of={NEIGHBORS}
          value={settings.neighbors}
          onChange={(neighbors) => change({ neighbors })}
        >
          neighbours of each token,
        </Choice>
        <Choice label="beam of" of={BEAMS} value={settings.beam} onChange={(beam) => change({ beam })}>
          {settings.beam === 1 ? '(greedy alone)' : ''}
        </Choice>
      </div>
      {running && search ? (
        <Running search={search} onStop={() => searchFlips(null, side)} />
      ) : (
        <div className="row">
          <button
            type="button"
            className="button"
            disabled={!open || !forwards}
            onClick={() => searchFlips(settings, side)}
          >
            {same && search.task.status === 'stopped' ? 'Go on' : 'Search'}
          </button>
          <span className="soft">{forwards !== null && costText(forwards, seconds)}</span>
        </div>
      )}
      {search && !running && <Outcome search={search} />}
    </>
  )
}

/** Says the cost of a search before it starts. */
function costText(forwards: number, seconds: number | null): string {
  const time = seconds === null ? '' : `, ${formatDuration(seconds)} here`
  return `at most ${forwards.toLocaleString('en')} forwards${time}; fewer where something flips`
}

interface ChoiceProps {
  readonly label: string
  readonly of: readonly number[]
  readonly value: number
  readonly onChange: (value: number) => void
  readonly children: string
}

function Choice({ label, of, value, onChange, children }: ChoiceProps) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {of.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>{' '}
      {children}
    </label>
  )
}

function Running({ search, onStop }: { readonly search: FlipSearch; readonly onStop: () => void }) {
  const { last, seconds } = search
  const left = last && last.measured > 0 ? ((last.total - last.done) * seconds) / last.measured : null
  return (
    <>
      <ForwardProgress
        label="Changes measured"
        done={last?.done ?? 0}
        total={last?.total ?? 1}
        onStop={onStop}
        text={last ? stepText(last, left) : 'Starting…'}
      />
      {last?.closest && <Closest {...last.closest} />}
    </>
  )
}

const stepText = ({ size, pass, done, total, measured }: FlipProgress, left: number | null) =>
  `${size === 1 ? 'one change' : `${size} changes at once`}${pass === 'beam' ? ', beam' : ''}: ${done} of ${total} · ` +
  `${measured.toLocaleString('en')} forwards${left === null ? '' : ` · ${formatDuration(left)} for this step`}`

/** Names the change that came closest, and the lead that is left. */
function Closest({ changes, verdict }: NonNullable<FlipProgress['closest']>) {
  const label = useChangesLabel(changes)
  return (
    <p className="soft">
      Closest: {label} (a lead of {formatNumber(verdict.lead)} is left).
    </p>
  )
}

const useChangesLabel = (changes: NonNullable<FlipProgress['closest']>['changes']) =>
  useSideStore((state, side) => substitutionsLabel(state, state.sides[side].tokenized.value, changes, side))

function Outcome({ search }: { readonly search: FlipSearch }) {
  const { task, result, last } = search
  if (task.status === 'failed') {
    return (
      <p className="panel-hint" role="alert">
        {task.failure?.message} {task.failure?.advice}
      </p>
    )
  }
  if (result?.found) return <Found {...result} />
  const closest = result?.closest ?? last?.closest
  return (
    <>
      <p role="status">
        {result
          ? noneText(search.settings, result)
          : 'Stopped: none yet. What was measured is kept, and the search goes on from there.'}
      </p>
      {closest && <Closest {...closest} />}
    </>
  )
}

/** Says that nothing flips, and whether that is so or only of what was tried. */
function noneText({ most, neighbors }: FlipSettings, { proven, measured }: FlipSearchResult): string {
  const within = `${most === 1 ? 'one substitution' : `${most} substitutions`} by the ${neighbors === 1 ? 'nearest neighbour' : `${neighbors} nearest neighbours`}`
  const forwards = `${measured.toLocaleString('en')} forwards`
  return proven
    ? `None within ${within} (${forwards}): all were tried.`
    : `None found within ${within} (${forwards}); not all combinations were tried.`
}

function Found({ found, proven, measured }: FlipSearchResult) {
  const changes = found?.changes ?? []
  const label = useChangesLabel(changes)
  const side = useSide()
  const isHeld = useAppStore(({ session }) => substitutionsKey(session.held) === substitutionsKey(changes))
  const { holdSubstitutions } = useActions()
  const count = changes.length === 1 ? 'One change flips it' : `${changes.length} changes flip it`
  return (
    <div className="flip-found">
      <p role="status">
        <strong>{count}:</strong> {label}.{' '}
        {changes.length > 1 &&
          (proven
            ? 'No smaller change of these neighbours does.'
            : 'Smaller ones may exist that the search passed by.')}{' '}
        <span className="soft">({measured.toLocaleString('en')} forwards)</span>
      </p>
      {side === OWN && (
        <button type="button" className="button" disabled={isHeld} onClick={() => holdSubstitutions(changes)}>
          {isHeld ? 'They are held' : 'Hold these changes'}
        </button>
      )}
    </div>
  )
}
