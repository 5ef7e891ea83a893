import type { CorpusService } from '../../core/corpus/corpusService'
import type { Figures } from '../../core/corpus/figures/figures'
import type { RunProgress } from '../../core/corpus/run'
import { createQuery, type Query } from '../query'
import { idle, type Resource, ready } from '../resource'
import type { ComparedRun, CorpusState, PointContext, PointPlace } from './corpusState'

/** Number of contexts held, so that a return to a point asks nothing. */
const MAX_CONTEXTS = 400
/** Factor of growth, in sequences, after which a running run's points are drawn again. */
const SCATTER_GROWTH = 1.25

type Key = 'stored' | 'preview' | 'labelValues' | 'figures' | 'scatter' | 'comparedFigures' | 'context'
type ValueOf<K extends Key> = NonNullable<CorpusState[K]['value']>

export interface CorpusAccess {
  readonly service: CorpusService
  read(): CorpusState
  write(changes: Partial<CorpusState>): void
  /** Compares the wanted results with the present ones again. */
  update(): void
  /** All questions, so that failed ones can be asked again. */
  readonly queries: Pick<Query<unknown>, 'retry'>[]
}

/** Creates the question behind a resource of the corpus; the latest wins. */
export function createCorpusQuery<K extends Key>(key: K, { read, write, update, queries }: CorpusAccess) {
  const query = createQuery<ValueOf<K>>(
    () => read()[key] as Resource<ValueOf<K>>,
    (resource) => write({ [key]: resource }),
    update,
  )
  queries.push(query)
  return query
}

export interface CorpusResults {
  /** Starts with another run: all results of the former one are dropped. */
  begin(): void
  /** Takes figures that the running run reported. */
  take(figures: Figures): void
  /** Requests the drawn figures once more, in full, when the run is at rest. */
  rest(): void
  /** Sets the run that is compared with the open one, or none. */
  compareWith(run: ComparedRun | null): void
  /** Requests what the inputs want and is not there yet. */
  update(): void
  contextOf(place: PointPlace): Promise<PointContext>
}

const placeKey = ({ run, table, row }: PointPlace) => `${run} ${table} ${row}`

const isUnderWay = (progress: RunProgress | null) =>
  progress?.status === 'reading' || progress?.status === 'running'

/** Creates the results of the open run: figures, points and the sentence under the pointer. */
export function createCorpusResults(access: CorpusAccess): CorpusResults {
  const { service, read, write, update } = access
  const figures = createCorpusQuery('figures', access)
  const scatter = createCorpusQuery('scatter', access)
  const comparedFigures = createCorpusQuery('comparedFigures', access)
  const context = createCorpusQuery('context', access)
  const contexts = new Map<string, PointContext>()
  let runs = 0
  let comparedChoices = 0
  /** Version of the run's results; a higher one replaces the answer to the same question. */
  let version = 0
  let reported: { readonly version: number; readonly figures: Figures } | null = null
  let drawn = { version: 0, sequences: 0 }

  /** Identifies both runs: a question is asked again once one of them is another. */
  const present = () => `${runs} ${comparedChoices}`

  async function contextOf(place: PointPlace): Promise<PointContext> {
    const key = placeKey(place)
    const known = contexts.get(key)
    if (known) return known
    const mine = present()
    const { run, table, row } = place
    const [found] = await service.contexts([row], { run, table })
    const value = { ...found, place }
    if (mine === present()) {
      if (contexts.size >= MAX_CONTEXTS) contexts.delete(contexts.keys().next().value ?? key)
      contexts.set(key, value)
    }
    return value
  }

  /** Asks again, but lets the same question under way finish: otherwise it would never be answered. */
  const askAgain = <T>(query: Query<T>, question: Parameters<Query<T>['ask']>[0]) => {
    if (!query.pending || query.key !== question.key) query.ask(question)
  }

  function updateFigures(): void {
    const { display, progress } = read()
    const key = `${runs} ${display.norm}`
    if (reported?.version === version) {
      const norm = reported.figures.commonness?.norm ?? display.norm
      if (norm === display.norm) {
        figures.answer(key, version, reported.figures)
        return
      }
    } else if (isUnderWay(progress) && version === 0) return
    askAgain(figures, {
      key,
      generation: version,
      former: figures.key?.startsWith(`${runs} `) ? read().figures.value : null,
      ask: () => service.figures({ norm: display.norm, run: 'open' }),
    })
  }

  function updateCompared(): void {
    const { compared, display } = read()
    if (compared.value === null) return
    const { norm } = display
    const key = `${comparedChoices} ${norm}`
    comparedFigures.ask({
      key,
      generation: 0,
      former: comparedFigures.key?.startsWith(`${comparedChoices} `) ? read().comparedFigures.value : null,
      ask: () => service.figures({ norm, run: 'compared' }),
    })
  }

  function updateScatter(): void {
    const { display, progress } = read()
    const { of, norm, run } = display
    if (run === 'compared') {
      const ask = () => service.scatter({ of, norm, run })
      scatter.ask({ key: `compared ${comparedChoices} ${norm} ${of}`, generation: 0, former: null, ask })
      return
    }
    const sequences = progress?.done ?? 0
    if (isUnderWay(progress)) {
      if (progress?.status === 'reading' || sequences === 0) return
      if (sequences >= drawn.sequences * SCATTER_GROWTH) drawn = { version, sequences }
    } else drawn = { version, sequences }
    askAgain(scatter, {
      key: `${runs} ${norm} ${of}`,
      generation: drawn.version,
      former: null,
      ask: () => service.scatter({ of, norm, run }),
    })
  }

  function updateContext(): void {
    const { hovered } = read()
    if (hovered === null) {
      context.show(idle())
      return
    }
    const key = `${present()} ${placeKey(hovered)}`
    const known = contexts.get(placeKey(hovered))
    if (known) context.answer(key, 0, known)
    else context.ask({ key, generation: 0, former: null, ask: () => contextOf(hovered) })
  }

  return {
    begin: () => {
      runs++
      version = 0
      reported = null
      drawn = { version: 0, sequences: 0 }
      contexts.clear()
      for (const query of [figures, scatter, context]) query.stop()
      const display = { ...read().display, run: 'open' as const }
      write({ figures: idle(), scatter: idle(), context: idle(), hovered: null, display })
    },
    take: (value) => {
      version++
      reported = { version, figures: value }
      update()
    },
    rest: () => {
      version++
      update()
    },
    compareWith: (run) => {
      comparedChoices++
      contexts.clear()
      comparedFigures.stop()
      const display = { ...read().display, run: 'open' as const }
      write({ compared: run ? ready(run) : idle(), comparedFigures: idle(), display, hovered: null })
    },
    update: () => {
      if (read().run.status !== 'ready') return
      updateFigures()
      updateCompared()
      updateScatter()
      updateContext()
    },
    contextOf,
  }
}
