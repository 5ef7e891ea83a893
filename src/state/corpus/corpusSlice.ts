import type { CorpusService } from '../../core/corpus/corpusService'
import type { AppState } from '../appState'
import { idle } from '../resource'
import type { Slice } from '../storeTypes'
import { NO_TASK } from '../task'
import { createRuns } from './corpus'
import { describeSource, withColumn } from './corpusSource'
import type { CorpusActions, CorpusState, PointPlace } from './corpusState'

export type CorpusSlice = Pick<AppState, 'corpus'> & CorpusActions

export const NO_CORPUS: CorpusState = {
  stored: idle(),
  run: idle(),
  progress: null,
  vocabulary: null,
  malformed: { rows: [], total: 0 },
  figures: idle(),
  scatter: idle(),
  compared: idle(),
  comparedFigures: idle(),
  display: { norm: 'l2', of: 'occurrences', run: 'open' },
  source: null,
  previewing: false,
  preview: idle(),
  labelValues: idle(),
  hovered: null,
  context: idle(),
  selection: { points: null, indices: new Uint32Array() },
  download: NO_TASK,
}

export const samePlace = (a: PointPlace, b: PointPlace) =>
  a.row === b.row && a.table === b.table && a.run === b.run

/** Creates the actions of Corpus. @param service absent if the page has no Corpus: its actions then do nothing */
export const createCorpusSlice =
  (service: CorpusService | null): Slice<CorpusSlice> =>
  (set, _, store) => {
    const runs = service && createRuns(store, service)
    const change = (edit: (corpus: CorpusState) => Partial<CorpusState>) =>
      set(({ corpus }) => ({ corpus: { ...corpus, ...edit(corpus) } }))
    return {
      corpus: NO_CORPUS,
      setView: (view) =>
        set(({ session }) => (session.view === view ? {} : { session: { ...session, view } })),
      chooseSource: (source) =>
        set(({ session, corpus }) => ({
          corpus: { ...corpus, source, previewing: source !== null, preview: idle() },
          // The labels of other texts are in another column, or read otherwise.
          ...(session.run?.settings.task && {
            session: {
              ...session,
              run: { ...session.run, settings: { ...session.run.settings, task: null } },
            },
          }),
        })),
      chooseColumn: (column) =>
        change(({ source }) => (source === null ? {} : { source: withColumn(source, column) })),
      chooseReading: (reading) =>
        change(({ source }) =>
          source?.kind === 'file'
            ? {
                source: {
                  ...source,
                  // Other cells are texts, in the same columns.
                  column: reading.keepNa === undefined ? null : source.column,
                  reading: { ...source.reading, ...reading },
                },
              }
            : {},
        ),
      setRunSettings: (settings) =>
        set(({ session }) => ({
          session: { ...session, run: { settings, source: session.run?.source ?? null } },
        })),
      startRun: (source, settings) => {
        set(({ session, corpus }) => ({
          session: { ...session, run: { settings, source: describeSource(source) } },
          corpus: {
            ...corpus,
            source,
            previewing: false,
            display: { ...corpus.display, norm: settings.norm },
          },
        }))
        runs?.start(source, settings)
      },
      openRun: (runId, { resume = false } = {}) => runs?.open(runId, resume),
      openRunFile: (file) => runs?.openFile(file),
      openShippedRun: (id) => runs?.openShipped(id),
      pauseRun: () => runs?.pause(),
      resumeRun: () => runs?.resume(),
      cancelRun: () => runs?.cancel(),
      removeRun: (runId) => runs?.remove(runId),
      compareWith: (choice) => runs?.compareWith(choice),
      setDisplay: (display) =>
        change((corpus) => ({ display: { ...corpus.display, ...display }, hovered: null })),
      hoverPoint: (row, table = 'occurrences') =>
        change(({ hovered, display: { run } }) => {
          if (row === null) return hovered === null ? {} : { hovered: null }
          const place = { run, table, row }
          return hovered && samePlace(hovered, place) ? {} : { hovered: place }
        }),
      selectPoints: (indices) => change(({ scatter }) => ({ selection: { points: scatter.value, indices } })),
      showPoint: (row, table = 'occurrences') =>
        runs?.show({ run: store.getState().corpus.display.run, table, row }),
      downloadRun: async (format) => (await runs?.download(format)) ?? null,
    }
  }
