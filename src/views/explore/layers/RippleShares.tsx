import { DataTable } from '../../../charts/DataTable'
import { formatDecimals, formatPercent } from '../../../charts/formatNumber'
import { layerName, spokenLayer } from '../../../charts/line/layerAxis'
import type { Measurement } from '../../../core/measures/measurement'
import { effectShare, outcomeLabels, type PatchedRun } from '../../../core/measures/patching'
import { predictionKind, predictionValues } from '../../../core/measures/prediction'
import type { AppState } from '../../../state/appState'
import { patchedCell, type Shares } from '../../../state/explore/patchSelectors'
import { patchSubject } from '../../../state/explore/patchSubject'
import { activeMeasurement, modelInfo } from '../../../state/selectors'
import { useActions, useAppStore } from '../../appContext'
import { formatDuration } from '../../formatDuration'
import { useSide, useSideStore } from '../../side'

/** Difference of shares that rounding of one run makes. */
const SHARE_ROUNDING = 5e-5

export const NOTHING_RUN = 'No state was put into the other run yet: choose a cell of the ripple, or sweep.'

/** Returns a share of an effect as a percentage; what rounding makes of none or all reads `0%` or `100%`. */
export function formatShare(share: number): string {
  if (Number.isNaN(share)) return 'not run yet'
  if (Math.abs(share) < SHARE_ROUNDING) return '0%'
  return Math.abs(share - 1) < SHARE_ROUNDING ? '100%' : formatPercent(share)
}

/** Scale of shares of an effect: the same for every change, so that two can be compared. */
export const SHARE_SCALE = {
  domain: [0, 1] as [number, number],
  transform: 'linear' as const,
  ends: ['none', 'all'] as [string, string],
  formatValue: formatShare,
  selecting: 'Enter puts the state of the cell into the other run.',
}

interface RippleSharesProps {
  /** Shares of the change that is drawn; null before any is known. */
  readonly known: Shares | null
  readonly tokens: readonly string[]
}

/** Tells the effect, the share of the chosen cell with the answer it leads to, and how far a sweep is. */
export function RippleShares({ known, tokens }: RippleSharesProps) {
  const { status, failure } = useSideStore((state, side) => state.sides[side].patches)
  const waiting = useAppStore((state) => state.model.status !== 'ready')
  if (waiting)
    return <p className="panel-hint">States are put into the other run as soon as the model is open.</p>
  return (
    <div className="ripple-shares">
      {status === 'error' && (
        <p role="alert" className="problem">
          {failure?.message} {failure?.advice}
        </p>
      )}
      {known?.nothing ? (
        <p>
          <Effect known={known} /> This is within rounding, so that no share of it has a meaning.
        </p>
      ) : (
        <>
          <Chosen known={known} tokens={tokens} />
          <Sweep known={known} />
        </>
      )}
    </div>
  )
}

/** Names the outcome: `logit of POSITIVE minus that of NEGATIVE`. */
function outcomeName(state: AppState, side: number, known: Shares): string {
  const outcome = known.change.outcome
  if (outcome?.outcome === 'log-probability') return `ln p of “${outcome.token ?? ''}”`
  if (outcome?.outcome === 'distance') return 'distance at the last layer'
  const logits = activeMeasurement(state, side)?.logits
  const info = modelInfo(state, side)
  if (!logits) return 'logit difference'
  const { first, rival } = outcomeLabels(logits.before, logits.after, predictionKind(info))
  const name = (label: number) => info?.labels[label] ?? `label ${label}`
  return rival === null ? `logit of ${name(first)}` : `logit of ${name(first)} − ${name(rival)}`
}

function Effect({ known }: { readonly known: Shares }) {
  const name = useSideStore((state, side) => outcomeName(state, side, known))
  const { outcome } = known.change
  if (!outcome) return null
  const { before, after } = outcome
  return (
    <>
      Effect: {name} {formatDecimals(before, 3)} → {formatDecimals(after, 3)}.
    </>
  )
}

/** Returns the answer of a run: `NEGATIVE 71.2%`, `“good” 12.0%`; empty where no head answers. */
function answerOf(state: AppState, side: number, { logits, token }: PatchedRun): string {
  if (token) return `“${token.token}” ${formatPercent(token.probability)}`
  if (!logits) return ''
  const info = modelInfo(state, side)
  const kind = predictionKind(info)
  const values = predictionValues(logits, kind)
  const first = values.indexOf(Math.max(...values))
  const value = kind === 'score' ? formatDecimals(values[first], 3) : formatPercent(values[first])
  return `${info?.labels[first] ?? `label ${first}`} ${value}`
}

/** Tells of the cell that was chosen. */
function Chosen({ known, tokens }: RippleSharesProps) {
  const cell = useSideStore((state, side) => state.sides[side].wanted.cell)
  const run = known && cell ? patchedCell(known, cell) : null
  const answer = useSideStore((state, side) => (run ? answerOf(state, side, run) : ''))
  const fits = known && cell && cell.position < tokens.length && cell.layer < known.subject.shape.layers
  const layer = fits ? spokenLayer(cell.layer) : ''
  const place =
    fits && `${layer[0].toUpperCase()}${layer.slice(1)}, position ${cell.position} ${tokens[cell.position]}`
  const outcome = known?.change.outcome
  return (
    <p className="ripple-chosen" aria-live="polite">
      {known && outcome && (
        <span className="soft">
          <Effect known={known} />
        </span>
      )}{' '}
      {!fits && 'Choose a cell for its share and the answer it leads to.'}
      {fits && !run && `${place}: running…`}
      {fits && run && outcome && (
        <>
          {place}: <strong>{formatShare(effectShare(outcome, run.value))}</strong>
          {answer && <> · leads to {answer}</>}
        </>
      )}
    </p>
  )
}

/** Starts, stops and goes on with a sweep over all states. */
export function Sweep({ known }: { readonly known: Shares | null }) {
  const side = useSide()
  const key = useSideStore((state, at) => patchSubject(state, at)?.key ?? null)
  const running = useSideStore((state, at) => key !== null && state.sides[at].wanted.sweep === key)
  const { sweepPatches } = useActions()
  if (!known || key === null) return null
  const { done, total, msLeft } = known.change
  if (done >= total) return <p className="soft">All {total} runs are done.</p>
  if (!running) {
    return (
      <p>
        <button type="button" className="button" onClick={() => sweepPatches(key, side)}>
          {done > 1 ? `Go on with the sweep, ${done} of ${total} runs` : `Sweep all states, ${total} runs`}
        </button>
        {msLeft !== null && <span className="soft"> about {formatDuration(msLeft / 1000)}</span>}
      </p>
    )
  }
  return (
    <div className="likelihood-progress">
      <div
        className="bar"
        role="progressbar"
        aria-label="Runs of the sweep"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <span style={{ width: `${(done / total) * 100}%` }} />
      </div>
      <span className="soft">
        {done} of {total}
        {msLeft !== null && `, about ${formatDuration(msLeft / 1000)} left`}
      </span>
      <button type="button" className="button-text" onClick={() => sweepPatches(null, side)}>
        Stop
      </button>
    </div>
  )
}

interface SharesTableProps {
  readonly shares: Shares | null
  readonly measurement: Measurement
  readonly tokens: readonly string[]
  readonly caption: string
}

/** Draws the shares as a table: a row for each position, a column for each layer and one for all of them. */
export function SharesTable({
  shares,
  measurement: { layers, positions },
  tokens,
  caption,
}: SharesTableProps) {
  const layerIndexes = Array.from({ length: layers }, (_, layer) => layer)
  const format = (share = Number.NaN) => (Number.isNaN(share) ? '·' : formatShare(share))
  return (
    <DataTable
      caption={`${caption[0].toUpperCase()}${caption.slice(1)}; a point where nothing was run yet`}
      columns={[
        { heading: 'position' },
        { heading: 'all layers', numeric: true },
        ...layerIndexes.map((layer) => ({ heading: layerName(layer), numeric: true })),
      ]}
      rows={tokens.map((token, position) => ({
        id: position,
        cells: [
          `${position} ${token}`,
          format(shares?.columns[position]),
          ...layerIndexes.map((layer) => format(shares?.cells[layer * positions + position])),
        ],
      }))}
    />
  )
}
