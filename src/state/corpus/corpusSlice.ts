import type { AppState } from '../appState'
import { idle } from '../resource'
import type { Slice } from '../storeTypes'
import { describeSource, withColumn } from './corpusSource'
import type { CorpusActions, CorpusCommand, CorpusState, PointPlace } from './corpusState'

export type CorpusSlice = Pick<AppState, 'corpus'> & CorpusActions

export const NO_CORPUS: CorpusState = {
  stored: idle(),
  run: idle(),
  progress: null,
  vocabulary: null,
  malformed: { rows: [], total: 0 },
  figures: idle(),
  scatter: idle(),
  beside: idle(),
  besideFigures: idle(),
  display: { norm: 'l2', of: 'occurrences', run: 'open' },
  source: null,
  previewing: false,
  preview: idle(),
  hovered: null,
  context: idle(),
  selection: { points: null, indices: new Uint32Array() },
  download: idle(),
  commands: [],
}

export const samePlace = (a: PointPlace, b: PointPlace) =>
  a.row === b.row && a.table === b.table && a.run === b.run

/** The actions say what is wanted; `connectCorpus` takes the commands and writes the answers. */
export const createCorpusSlice: Slice<CorpusSlice> = (set) => {
  const change = (edit: (corpus: CorpusState) => Partial<CorpusState>) =>
    set(({ corpus }) => ({ corpus: { ...corpus, ...edit(corpus) } }))
  const command = (wanted: CorpusCommand) => change(({ commands }) => ({ commands: [...commands, wanted] }))
  return {
    corpus: NO_CORPUS,
    setView: (view) => set(({ session }) => (session.view === view ? {} : { session: { ...session, view } })),
    chooseSource: (source) => change(() => ({ source, previewing: source !== null, preview: idle() })),
    chooseColumn: (column) =>
      change(({ source }) => (source === null ? {} : { source: withColumn(source, column) })),
    chooseReading: (reading) =>
      change(({ source }) =>
        source?.kind === 'file'
          ? { source: { ...source, column: null, reading: { ...source.reading, ...reading } } }
          : {},
      ),
    setRunSettings: (settings) =>
      set(({ session }) => ({
        session: { ...session, run: { settings, source: session.run?.source ?? null } },
      })),
    startRun: (source, settings) =>
      set(({ session, corpus }) => ({
        session: { ...session, run: { settings, source: describeSource(source) } },
        corpus: {
          ...corpus,
          source,
          previewing: false,
          display: { ...corpus.display, norm: settings.norm },
          commands: [...corpus.commands, { kind: 'start', source, settings }],
        },
      })),
    openRun: (runId, { resume = false } = {}) => command({ kind: 'open', runId, resume }),
    openRunFile: (file) => command({ kind: 'openFile', file }),
    openShippedRun: () => command({ kind: 'openShipped' }),
    pauseRun: () => command({ kind: 'pause' }),
    resumeRun: () => command({ kind: 'resume' }),
    cancelRun: () => command({ kind: 'cancel' }),
    removeRun: (runId) => command({ kind: 'remove', runId }),
    keepBeside: (choice) => command({ kind: 'keepBeside', choice }),
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
      change(({ commands, display: { run } }) => ({
        commands: [...commands, { kind: 'show', place: { run, table, row } }],
      })),
    downloadRun: (format) => command({ kind: 'download', format }),
    downloadTaken: () => change(() => ({ download: idle() })),
  }
}
