import type { BesideChoice, CorpusService, RunListener, StoredRun } from '../../core/corpus/corpusService'
import { noProgress, type RunProgress } from '../../core/corpus/run'
import { failureOf } from '../../core/failure'
import { failed, idle, loading, ready } from '../resource'
import type { AppStore } from '../storeTypes'
import { untilSettled } from '../untilSettled'
import { downloadRecords } from './corpusDownload'
import { createCorpusPreview } from './corpusPreview'
import { type CorpusAccess, createCorpusQuery, createCorpusResults } from './corpusResults'
import { isRunOf } from './corpusSettings'
import type { CorpusCommand, OpenRun, PointPlace } from './corpusState'

/** Malformed rows kept to be shown; all are counted. */
const MAX_MALFORMED = 200

const AT_REST: ReadonlySet<RunProgress['status']> = new Set(['paused', 'finished', 'cancelled', 'failed'])

const READING = noProgress('reading')

const withoutProgress = ({ header, hasTexts, tokenNames }: StoredRun): OpenRun => ({
  header,
  hasTexts,
  tokenNames,
})

/**
 * Joins the Corpus view's state to what reads and runs: takes the commands in the store, asks for what the inputs want,
 * and writes the answers. Nothing is asked before Corpus is shown for the first time or a command stands there; then the
 * run that the session names is opened where it is kept on this machine, else the one shipped with the page. What a run
 * reports when it is no longer the open one is dropped, and so are answers that come too late.
 *
 * @returns disconnects
 */
export function connectCorpus(store: AppStore, service: CorpusService): () => void {
  let connected = true
  let begun = false
  /** Until Corpus shows what it opens on. */
  let first: Promise<void> = Promise.resolve()
  /** Counts the runs that were opened. */
  let opened = 0

  const access: CorpusAccess = {
    service,
    read: () => store.getState().corpus,
    write: (changes) => {
      if (connected) store.setState(({ corpus }) => ({ corpus: { ...corpus, ...changes } }))
    },
    update: () => update(),
  }
  const { read, write } = access
  const stored = createCorpusQuery('stored', access)
  const updatePreview = createCorpusPreview(access)
  const results = createCorpusResults(access)

  const report = (thrown: unknown) => {
    const failure = failureOf(thrown)
    if (connected && failure.kind !== 'cancelled') {
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

  /** Forgets the former run, so that nothing of it stands beside the next one's numbers. */
  const begin = (progress: RunProgress | null): number => {
    results.begin()
    write({ run: loading(), progress, malformed: { rows: [], total: 0 } })
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

  /** @param named whether the session names this run from now on */
  async function open(
    ask: (listener: RunListener) => Promise<StoredRun>,
    { named }: { readonly named: boolean },
  ): Promise<void> {
    const mine = begin(null)
    try {
      const run = await ask(listenerOf(mine))
      if (mine !== opened || !connected) return
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

  /** A file that is no run, or a damaged one, leaves what is open as it is. */
  async function openFile(file: Blob): Promise<void> {
    await first
    const before = opened
    const run = await service.openFile(file, listenerOf(before + 1))
    if (before === opened) await open(async () => run, { named: true })
  }

  async function start(command: CorpusCommand & { readonly kind: 'start' }): Promise<void> {
    const mine = begin(READING)
    try {
      const header = await service.start(command.source, command.settings, listenerOf(mine))
      if (mine === opened) write({ run: ready({ header, hasTexts: true, tokenNames: null }) })
      list()
    } catch (thrown) {
      if (mine === opened) write({ run: failed(failureOf(thrown)), progress: null })
    }
  }

  const openShipped = () => open((listener) => service.openShipped(listener), { named: false })

  const openKept = async (runId: string, resume: boolean) => {
    await open((listener) => service.open(runId, listener), { named: true })
    if (resume && read().run.value?.header.id === runId) await service.resume()
  }

  const remove = async (runId: string) => {
    await service.remove(runId)
    list()
    if (read().run.value?.header.id === runId) await openShipped()
  }

  /** One run at a time is kept beside; what cannot be read leaves the former one there. */
  let besides = 0
  const keepBeside = async (choice: BesideChoice | null) => {
    const mine = ++besides
    await first
    const former = read().beside.value
    if (choice) write({ beside: loading(former) })
    try {
      const run = await service.keepBeside(choice)
      if (mine === besides && connected) results.keepBeside(run)
    } catch (thrown) {
      if (mine === besides) write({ beside: former ? ready(former) : idle() })
      throw thrown
    }
  }

  const show = async (place: PointPlace) => {
    const mine = `${opened} ${besides}`
    const { sequence, position } = await results.contextOf(place)
    const text = await service.text(sequence, place.run)
    if (mine !== `${opened} ${besides}` || !connected) return
    const run = place.run === 'open' ? read().run.value : read().beside.value
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
        text: 'The texts of this run are not kept here, only its numbers, so its reviews cannot be opened. Run it over the texts themselves to open them.',
      })
    }
  }

  const execute = (command: CorpusCommand): Promise<void> => {
    switch (command.kind) {
      case 'start':
        return start(command)
      case 'open':
        return openKept(command.runId, command.resume)
      case 'openFile':
        return openFile(command.file)
      case 'openShipped':
        return openShipped()
      case 'remove':
        return remove(command.runId)
      case 'show':
        return show(command.place)
      case 'keepBeside':
        return keepBeside(command.choice)
      case 'download':
        return downloadRecords(access, command.format)
      default:
        return service[command.kind]()
    }
  }

  /** The run that the session names where it is kept here, else the one that came with the page. */
  const openFirst = async () => {
    list()
    const kept = await service.stored().catch(() => [])
    if (opened > 0 || !connected) return
    const { run } = store.getState().session
    const match = run && kept.find(({ header }) => isRunOf(header, run))
    await (match ? openKept(match.header.id, false) : openShipped())
  }

  function keepVocabulary(): void {
    const { model, vocabulary } = store.getState()
    const { run, vocabulary: kept } = read()
    const sha256 = model.info?.provenance.sha256
    if (!vocabulary || !sha256 || run.value?.header.provenance.sha256 !== sha256) return
    if (kept?.entries !== vocabulary) write({ vocabulary: { sha256, entries: vocabulary } })
  }

  const look = () => {
    if (!connected) return
    const { session, corpus } = store.getState()
    const { commands } = corpus
    if (commands.length > 0) write({ commands: [] })
    if (!begun && (commands.length > 0 || session.view === 'corpus')) {
      begun = true
      first = openFirst()
    }
    keepVocabulary()
    for (const command of commands) void execute(command).catch(report)
    if (!begun) return
    updatePreview()
    results.update()
  }

  const update = untilSettled(look)
  const unsubscribe = store.subscribe(update)
  update()
  return () => {
    connected = false
    unsubscribe()
  }
}
