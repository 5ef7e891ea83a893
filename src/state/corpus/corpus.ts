import type {
  ComparedChoice,
  CorpusService,
  CorpusSource,
  RecordsFormat,
  RunListener,
  StoredRun,
} from '../../core/corpus/corpusService'
import { noProgress, type RunProgress } from '../../core/corpus/run'
import type { RunSettings } from '../../core/corpus/runSettings'
import { SHIPPED_RUNS } from '../../core/corpus/shippedRuns'
import { FailureError, failureOf } from '../../core/failure'
import { failed, idle, loading, ready } from '../resource'
import type { AppStore } from '../storeTypes'
import { subscribeTo } from '../subscribeTo'
import { createTask } from '../task'
import { untilSettled } from '../untilSettled'
import { createCorpusPreview } from './corpusPreview'
import { type CorpusAccess, createCorpusQuery, createCorpusResults } from './corpusResults'
import { isRunOf } from './corpusSettings'
import type { NamedFile, OpenRun, PointPlace } from './corpusState'
import { recordsFileName } from './recordsFile'

/** Most malformed rows that are held for display; all are counted. */
const MAX_MALFORMED = 200

const AT_REST: ReadonlySet<RunProgress['status']> = new Set(['paused', 'finished', 'cancelled', 'failed'])

const READING = noProgress('reading')

const withoutProgress = ({ header, hasTexts, tokenNames }: StoredRun): OpenRun => ({
  header,
  hasTexts,
  tokenNames,
})

/** Lists the actions on runs; each starts at once, and a failure becomes a notice. */
export interface Runs {
  start(source: CorpusSource, settings: RunSettings): void
  /** Opens a saved run. @param resume continues it at once */
  open(runId: string, resume: boolean): void
  openFile(file: Blob): void
  /** Opens a run that comes with the page: the first where none is named. */
  openShipped(id?: string): void
  pause(): void
  resume(): void
  cancel(): void
  remove(runId: string): void
  compareWith(choice: ComparedChoice | null): void
  /** Opens the review of a point in Explore. */
  show(place: PointPlace): void
  download(format: RecordsFormat): Promise<NamedFile | null>
}

/**
 * Connects the Corpus view's state to the service that reads and runs: calls it, requests what the inputs want, and
 * writes the answers. Nothing is requested before Corpus is first shown or a run is used; then the run that the session
 * names is opened if it is saved on this machine, else the one shipped with the page. Reports of a run that is no
 * longer open are dropped, and so are late answers.
 */
export function createRuns(store: AppStore, service: CorpusService): Runs {
  let begun = false
  /** Resolves once Corpus shows its first run. */
  let first: Promise<void> = Promise.resolve()
  /** Number of runs opened. */
  let opened = 0

  const access: CorpusAccess = {
    service,
    read: () => store.getState().corpus,
    write: (changes) => store.setState(({ corpus }) => ({ corpus: { ...corpus, ...changes } })),
    update: () => update(),
    queries: [],
  }
  const { read, write } = access
  const stored = createCorpusQuery('stored', access)
  const updatePreview = createCorpusPreview(
    access,
    () => store.getState().session.run?.settings.task?.column ?? null,
  )
  const results = createCorpusResults(access)

  const report = (thrown: unknown) => {
    const failure = failureOf(thrown)
    if (failure.kind !== 'cancelled') {
      store.getState().notify({ tone: 'problem', text: failure.message, failure })
    }
  }

  let listings = 0
  const list = () =>
    stored.ask({
      key: 'stored',
      generation: listings++,
      former: read().stored.value,
      ask: () => service.stored(),
    })

  /** Clears the former run, so that none of it is shown with the next one's numbers. */
  const begin = (progress: RunProgress | null): number => {
    // Written first, so that nothing is asked of a run that is not open yet.
    write({ run: loading(), progress, malformed: { rows: [], total: 0 } })
    results.begin()
    return ++opened
  }

  const listenerOf = (mine: number): RunListener => ({
    progress: (progress) => {
      if (mine !== opened) return
      const comesToRest = AT_REST.has(progress.status) && read().progress?.status !== progress.status
      write({ progress })
      if (comesToRest) {
        results.rest()
        list()
      }
    },
    figures: (figures) => {
      if (mine === opened) results.take(figures)
    },
    malformed: (rows, total) => {
      if (mine === opened) write({ malformed: { rows: rows.slice(0, MAX_MALFORMED), total } })
    },
  })

  /** Opens a run. @param named whether the session names this run from now on */
  async function open(
    ask: (listener: RunListener) => Promise<StoredRun>,
    { named }: { readonly named: boolean },
  ): Promise<void> {
    const mine = begin(null)
    try {
      const run = await ask(listenerOf(mine))
      if (mine !== opened) return
      const { settings } = run.header
      const { session } = store.getState()
      if (named && !isRunOf(run.header, session.run)) {
        store.setState({ session: { ...session, run: { settings, source: null } } })
      }
      write({
        run: ready(withoutProgress(run)),
        progress: read().progress ?? run.progress,
        display: { ...read().display, norm: settings.norm },
      })
    } catch (thrown) {
      if (mine === opened) write({ run: failed(failureOf(thrown)), progress: null })
    }
  }

  /** Opens a run from a file. A file that is not a run, or a damaged one, leaves the open run as it is. */
  async function openFile(file: Blob): Promise<void> {
    await first
    const before = opened
    const run = await service.openFile(file, listenerOf(before + 1))
    if (before === opened) await open(async () => run, { named: true })
  }

  async function start(source: CorpusSource, settings: RunSettings): Promise<void> {
    const mine = begin(READING)
    try {
      const header = await service.start(source, settings, listenerOf(mine))
      if (mine === opened) write({ run: ready({ header, hasTexts: true, tokenNames: null }) })
      list()
    } catch (thrown) {
      if (mine === opened) write({ run: failed(failureOf(thrown)), progress: null })
    }
  }

  const openShipped = (id = SHIPPED_RUNS[0].id) =>
    open((listener) => service.openShipped(id, listener), { named: false })

  const openKept = async (runId: string, resume: boolean) => {
    await open((listener) => service.open(runId, listener), { named: true })
    if (resume && read().run.value?.header.id === runId) await service.resume()
  }

  const remove = async (runId: string) => {
    await service.remove(runId)
    list()
    if (read().run.value?.header.id === runId) await openShipped()
  }

  /**
   * Number of choices of the compared run: only the latest is used, and one that cannot be read leaves the former one.
   */
  let comparedChoices = 0
  const compareWith = async (choice: ComparedChoice | null) => {
    const mine = ++comparedChoices
    await first
    const former = read().compared.value
    if (choice) write({ compared: loading(former) })
    try {
      const run = await service.compareWith(choice)
      if (mine === comparedChoices) results.compareWith(run)
    } catch (thrown) {
      if (mine === comparedChoices) write({ compared: former ? ready(former) : idle() })
      throw thrown
    }
  }

  const show = async (place: PointPlace) => {
    const mine = `${opened} ${comparedChoices}`
    const { sequence, position } = await results.contextOf(place)
    const text = await service.text(sequence, place.run)
    if (mine !== `${opened} ${comparedChoices}`) return
    const run = place.run === 'open' ? read().run.value : read().compared.value
    const { model, notify } = store.getState()
    const measuredWith = run?.header.provenance
    const sameModel = !model.info || model.info.provenance.sha256 === measuredWith?.sha256
    if (text !== null) {
      store.getState().exploreText(text, sameModel ? position : null)
      if (!sameModel) {
        notify({
          tone: 'info',
          text: `The run was measured with ${measuredWith?.modelId}, which may cut the text into other tokens than ${model.info?.id}: no token was chosen.`,
        })
      }
    } else {
      store.getState().notify({
        tone: 'info',
        text: `The texts of this run are not kept here, only its numbers${measuredWith ? `, which are those of ${measuredWith.modelId}` : ''}, so its reviews cannot be opened. Run it over the texts themselves to open them.`,
      })
    }
  }

  const downloading = createTask((download) => write({ download }))

  async function download(format: RecordsFormat): Promise<NamedFile | null> {
    const end = await downloading.run(() => service.download(format))
    if (end.status === 'failed') report(new FailureError(end.failure))
    return end.status === 'done'
      ? { name: recordsFileName(read().run.value, format), content: end.value }
      : null
  }

  /** Opens the run that the session names if it is saved here, else the one shipped with the page. */
  const openFirst = async () => {
    list()
    const kept = await service.stored().catch(() => [])
    if (opened > 0) return
    const { run } = store.getState().session
    const match = run && kept.find(({ header }) => isRunOf(header, run))
    await (match ? openKept(match.header.id, false) : openShipped())
  }

  function keepVocabulary(): void {
    const { info, vocabulary } = store.getState().model
    const { run, vocabulary: kept } = read()
    const sha256 = info?.provenance.sha256
    if (!vocabulary || !sha256 || run.value?.header.provenance.sha256 !== sha256) return
    if (kept?.entries !== vocabulary) write({ vocabulary: { sha256, entries: vocabulary } })
  }

  const beginFirst = () => {
    if (begun) return
    begun = true
    first = openFirst()
  }

  const look = () => {
    if (store.getState().session.view === 'corpus') beginFirst()
    if (!begun) return
    keepVocabulary()
    updatePreview()
    results.update()
  }
  const update = untilSettled(look)
  subscribeTo(
    store,
    ({ session, corpus: { display, source, hovered } }) => [session, display, source, hovered],
    () => {
      for (const query of access.queries) query.retry()
    },
  )
  subscribeTo(
    store,
    ({ session, corpus, model }) => [session.view, session.run, corpus, model.info, model.vocabulary],
    update,
  )

  /** Runs an action on a run, whether or not Corpus was shown before. */
  const act =
    <Args extends readonly unknown[]>(work: (...args: Args) => Promise<void>) =>
    (...args: Args) => {
      beginFirst()
      work(...args).catch(report)
      update()
    }

  return {
    start: act(start),
    open: act(openKept),
    openFile: act(openFile),
    openShipped: act(openShipped),
    pause: act(() => service.pause()),
    resume: act(() => service.resume()),
    cancel: act(() => service.cancel()),
    remove: act(remove),
    compareWith: act(compareWith),
    show: act(show),
    download,
  }
}
