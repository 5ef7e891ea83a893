import type { RecordsFormat } from '../../core/corpus/corpusService'
import { SHIPPED_RUNS, shippedRunName } from '../../core/corpus/shippedRuns'
import { isRunning, nextSource, runProvenance, shippedRun } from '../../state/corpus/corpusSelectors'
import { sourceName } from '../../state/corpus/corpusSource'
import { useActions, useAppStore } from '../appContext'
import { download } from '../download'
import { ExportMenu, SpreadsheetOption } from '../Exports'
import { amountsInWords, counted, originInWords, runFacts, settingsFacts, statusInWords } from './corpusWords'
import { RunBar } from './RunBar'

/** Names a dialog. `hub` is the source dialog, opened on a data set of the hub. */
export type CorpusDialog = 'source' | 'hub' | 'settings' | 'runs' | 'compare'

const FORMATS: readonly (readonly [RecordsFormat, string, string])[] = [
  ['csv', 'CSV', 'tables in one archive'],
  ['json', 'JSON', 'the whole run'],
  ['parquet', 'Parquet', 'tables in one archive'],
]

/** Describes the open run: what it is, its progress, and its actions. */
export function CorpusHeader({ onOpen }: { readonly onOpen: (dialog: CorpusDialog) => void }) {
  const run = useAppStore((state) => state.corpus.run)
  const named = useAppStore((state) => state.session.run)
  const kept = useAppStore((state) => state.corpus.stored.value?.length ?? 0)
  const header = run.value?.header
  const shipped = useAppStore(shippedRun)
  const name = shipped
    ? `${shipped.texts}, ${shipped.model}`
    : (header?.origin.name ?? (named?.source ? sourceName(named.source) : 'Corpus'))
  return (
    <section className="corpus-head" aria-label="Run">
      <div className="corpus-state">
        <h2>
          {name}{' '}
          <span className="run-facts">
            {header ? runFacts(header) : run.status === 'loading' && named && settingsFacts(named.settings)}
          </span>
        </h2>
        <RunState />
      </div>
      <div className="corpus-tools">
        <RunControls />
        <ShippedRunMenu />
        <button type="button" className="button" onClick={() => onOpen('source')}>
          Change source
        </button>
        <button type="button" className="button" onClick={() => onOpen('settings')}>
          Settings
        </button>
        {kept > 0 && (
          <button type="button" className="button" onClick={() => onOpen('runs')}>
            Saved runs ({kept})
          </button>
        )}
        <button type="button" className="button" onClick={() => onOpen('compare')}>
          Compare…
        </button>
        <Downloads />
        <SpreadsheetOption />
        <RunAgain onOpen={onOpen} />
      </div>
    </section>
  )
}

const OWN = ''

/** Offers the runs that come with the page; each is fetched when it is chosen. */
function ShippedRunMenu() {
  const open = useAppStore((state) => shippedRun(state)?.id ?? OWN)
  const loading = useAppStore((state) => state.corpus.run.status === 'loading')
  const { openShippedRun } = useActions()
  return (
    <select
      className="run-choice"
      aria-label="Ready-made runs"
      value={open}
      disabled={loading}
      onChange={(event) => {
        if (event.currentTarget.value !== OWN) openShippedRun(event.currentTarget.value)
      }}
    >
      {open === OWN && <option value={OWN}>Ready-made runs…</option>}
      {SHIPPED_RUNS.map((run) => (
        <option key={run.id} value={run.id}>
          {shippedRunName(run)}
        </option>
      ))}
    </select>
  )
}

/** Says of which model a ready-made run is, where its weights come from, and that the open model is another. */
function ShippedRunModel() {
  const run = useAppStore(shippedRun)
  const open = useAppStore((state) => state.model.info)
  if (!run) return null
  const other =
    open && open.provenance.sha256 !== run.sha256 ? ` The model open in Explore is another, ${open.id}.` : ''
  return (
    <p className="soft">
      Measured with {run.model}: {run.weights}.{other}
    </p>
  )
}

function RunState() {
  const progress = useAppStore((state) => state.corpus.progress)
  const header = useAppStore((state) => state.corpus.run.value?.header)
  const provenance = useAppStore(runProvenance)
  const malformed = useAppStore((state) => state.corpus.malformed)
  const shipped = useAppStore(shippedRun)
  if (!progress) return null
  const skipped = header ? header.corpus.skipped : malformed.total
  return (
    <>
      <RunBar progress={progress} />
      <div className="soft">
        <span className="run-status">
          {statusInWords(progress, { shipped: header?.origin.kind === 'shipped' })}
        </span>{' '}
        · {amountsInWords(progress, malformed.rows.length > 0 ? null : skipped)}
        {malformed.rows.length > 0 && (
          <>
            {' '}
            · <SkippedRows />
          </>
        )}
      </div>
      {progress.failure && (
        <p className="run-problem" role="alert">
          {progress.failure.message} {progress.failure.kept} {progress.failure.advice}
        </p>
      )}
      {shipped && header ? (
        <details className="soft">
          <summary>About this run</summary>
          <p>
            {header.origin.name}: {originInWords(header.origin)} · {provenance}
          </p>
          <ShippedRunModel />
        </details>
      ) : (
        header && (
          <p className="soft">
            {originInWords(header.origin)} · {provenance}
          </p>
        )
      )}
    </>
  )
}

/** Lists rows that could not be read, each with its line. */
function SkippedRows() {
  const { rows, total } = useAppStore((state) => state.corpus.malformed)
  return (
    <details className="skipped">
      <summary>{counted(total, 'row')} skipped</summary>
      <ul>
        {rows.map(({ line, reason }) => (
          <li key={line}>
            line {line}: {reason}
          </li>
        ))}
        {total > rows.length && <li>and {(total - rows.length).toLocaleString('en')} more</li>}
      </ul>
    </details>
  )
}

function RunControls() {
  const status = useAppStore((state) => state.corpus.progress?.status)
  const { pauseRun, resumeRun, cancelRun } = useActions()
  const running = status === 'reading' || status === 'running'
  if (!running && status !== 'paused') return null
  return (
    <>
      {/* One button that changes its meaning: the focus stays where it is. */}
      {status !== 'reading' && (
        <button type="button" className="button button-accent" onClick={running ? pauseRun : resumeRun}>
          {running ? 'Pause' : 'Resume'}
        </button>
      )}
      <button type="button" className="button" onClick={cancelRun}>
        Cancel
      </button>
    </>
  )
}

function Downloads() {
  const present = useAppStore((state) => state.corpus.run.value !== null)
  const busy = useAppStore((state) => state.corpus.download.status === 'running')
  const { downloadRun } = useActions()
  const save = async (format: RecordsFormat) => {
    const file = await downloadRun(format)
    if (file) download(file.name, file.content)
  }
  return (
    <ExportMenu
      title="Records"
      className="button"
      disabled={!present || busy}
      formats={FORMATS.map(([format, name, what]) => ({ format: name, what, save: () => save(format) }))}
    />
  )
}

/** Draws the button that runs the same again; if its texts are not available, it asks for them first. */
function RunAgain({ onOpen }: { readonly onOpen: (dialog: CorpusDialog) => void }) {
  const running = useAppStore(isRunning)
  const status = useAppStore((state) => state.corpus.progress?.status)
  const source = useAppStore(nextSource)
  const settings = useAppStore(
    (state) => state.session.run?.settings ?? state.corpus.run.value?.header.settings,
  )
  const origin = useAppStore((state) => state.corpus.run.value?.header.origin)
  const { startRun } = useActions()
  if (running || status === 'paused' || !settings) return null
  const again =
    source?.kind === origin?.kind && (source?.kind !== 'file' || source.file.name === origin?.name)
  return (
    <button
      type="button"
      className="button button-accent"
      onClick={() => {
        if (source) startRun(source, settings)
        else onOpen('source')
      }}
    >
      {source ? (again ? 'Run again' : 'Run over the chosen texts') : 'Run it on your texts'}
    </button>
  )
}
