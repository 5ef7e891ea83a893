import type {
  CorpusService,
  OccurrenceContext,
  RunListener,
  SourcePreview,
  StoredRun,
} from '../../core/corpus/corpusService'
import type { Figures, ScatterPoints } from '../../core/corpus/figures/figures'
import type { RunHeader, RunProgress } from '../../core/corpus/run'
import type { RunSettings } from '../../core/corpus/runSettings'
import { type Failure, FailureError } from '../../core/failure'
import { NO_FILTERS } from '../../core/measures/neighbor'
import type { Norm } from '../../core/measures/norm'

/** Settings for tests. Answers come when the test says so, and the test plays the run through its listener. */
export const SETTINGS: RunSettings = {
  seed: 7,
  sampleSize: 500,
  norm: 'l2',
  filters: NO_FILTERS,
  cleanHtml: true,
  leastImpactful: 5,
  randomPositions: 0,
  perturbations: [],
  neighborRank: 10,
  pairs: 0,
  leastImpactfulPairs: 0,
  learnedTexts: 0,
  causal: 'none',
  readings: 'all',
}

export function headerOf(id: string, changes: Partial<RunHeader> = {}): RunHeader {
  return {
    id,
    version: 1,
    settings: SETTINGS,
    origin: { name: `${id}.csv`, kind: 'file', column: 'text', sha256: null },
    provenance: {
      modelId: 'tiny',
      sha256: 'a'.repeat(64),
      precision: 'fp32',
      device: 'test',
      shipped: id === 'shipped',
    },
    layers: 2,
    labels: ['NEGATIVE', 'POSITIVE'],
    startedAt: '2026-01-02T03:04:05.000Z',
    corpus: { rows: 2000, skipped: 3, tokens: 123_456 },
    sampled: 500,
    ...changes,
  }
}

export const progressOf = (status: RunProgress['status'], done: number): RunProgress => ({
  status,
  done,
  total: 500,
  secondsLeft: status === 'running' ? 90 : null,
  tokens: done * 200,
  substitutions: done * 5,
  failure: null,
})

export const storedRun = (
  id: string,
  status: RunProgress['status'] = 'finished',
  changes: Partial<RunHeader> = {},
): StoredRun => ({
  header: headerOf(id, changes),
  progress: progressOf(status, status === 'finished' ? 500 : 120),
  hasTexts: id !== 'shipped',
  tokenNames: null,
})

/** Returns figures with a line only, so that norm and amount can be told apart. */
export const figuresOf = (norm: Norm, n: number): Figures => ({
  frequency: null,
  commonness: {
    norm,
    bins: [],
    regression: { slope: -2, intercept: 10, r: -0.3, p: 1e-9, n, band: [] },
    points: { commonness: new Float32Array(), shift: new Float32Array(), tokenIds: new Uint32Array() },
  },
  propagation: null,
  identifiability: null,
  effect: null,
  pairs: null,
  perturbations: null,
  proxies: null,
  learned: null,
  causal: null,
})

/** Returns three points: two of token 11, one of token 12. */
export const pointsOf = (norm: Norm, of: ScatterPoints['of']): ScatterPoints => ({
  of,
  norm,
  tokenIds: Uint32Array.of(11, 12, 11),
  commonness: Float32Array.of(0.5, 0.25, 0.5),
  shift: Float32Array.of(8, 10, 9),
  counts: of === 'types' ? Uint32Array.of(3, 4, 1) : Uint32Array.of(1, 1, 1),
  rows: Uint32Array.of(0, 1, 2),
})

const PREVIEW: SourcePreview = {
  name: 'reviews.csv',
  format: 'csv',
  bytes: 1234,
  encoding: 'UTF-8',
  columns: ['id', 'text'],
  likelyColumn: 'text',
  rows: [['1', 'so good']],
  totalRows: 200,
  malformed: [{ line: 7, reason: 'a quote is not closed' }],
}

type Method = keyof CorpusService

export interface CorpusCall {
  readonly method: Method
  readonly arguments: readonly unknown[]
  /** Resolves the call with this value, or with the usual answer. */
  resolve(value?: unknown): Promise<void>
  reject(failure: Failure): Promise<void>
}

export interface TestCorpus extends CorpusService {
  readonly calls: CorpusCall[]
  /** Calls that are not answered yet. */
  readonly pending: CorpusCall[]
  /** Returns the only pending call of a method. */
  waiting(method: Method): CorpusCall
  /** Returns how often a method was called. */
  count(method: Method): number
  /** Returns the listener that was passed with the last call that took one. */
  listener(): RunListener
  /** Answers what is asked and what follows from it. */
  answerAll(): Promise<void>
}

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

/** Creates a service whose answers the test decides. @param kept what `stored` answers */
export function createTestCorpus(kept: readonly StoredRun[] = []): TestCorpus {
  const calls: CorpusCall[] = []
  const pending: CorpusCall[] = []
  const listeners: RunListener[] = []

  function asked<T>(method: Method, args: readonly unknown[], answer: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const close = () => {
        pending.splice(pending.indexOf(call), 1)
        return settle()
      }
      const call: CorpusCall = {
        method,
        arguments: args,
        resolve: (value) => {
          resolve(value === undefined ? answer() : (value as T))
          return close()
        },
        reject: (failure) => {
          reject(new FailureError(failure))
          return close()
        },
      }
      calls.push(call)
      pending.push(call)
    })
  }
  const heard = <T>(method: Method, args: readonly unknown[], listener: RunListener, answer: () => T) => {
    listeners.push(listener)
    return asked(method, args, answer)
  }

  return {
    calls,
    pending,
    waiting: (method) => {
      const found = pending.filter((call) => call.method === method)
      if (found.length !== 1) throw new Error(`${found.length} pending calls of ${method}`)
      return found[0]
    },
    count: (method) => calls.filter((call) => call.method === method).length,
    listener: () => {
      const last = listeners.at(-1)
      if (!last) throw new Error('nothing was given a listener')
      return last
    },
    answerAll: async () => {
      await settle()
      while (pending.length > 0) await pending[0].resolve()
    },
    preview: (source, options) => asked('preview', [source, options], () => PREVIEW),
    start: (source, settings, listener) =>
      heard('start', [source, settings], listener, () => {
        const header = headerOf('started', { settings })
        return { ...header, origin: { ...header.origin, kind: source.kind } }
      }),
    stored: () => asked('stored', [], () => kept),
    open: (runId, listener) =>
      heard('open', [runId], listener, () => {
        const found = kept.find(({ header }) => header.id === runId)
        if (!found) throw new Error(`no run ${runId}`)
        return found
      }),
    openFile: (file, listener) => heard('openFile', [file], listener, () => storedRun('opened')),
    openShipped: (id, listener) => heard('openShipped', [id], listener, () => storedRun('shipped')),
    compareWith: (choice) =>
      asked('compareWith', [choice], () => {
        if (choice === null) return null
        return storedRun(choice.kind === 'kept' ? choice.runId : choice.kind)
      }),
    pause: () => asked('pause', [], () => undefined),
    resume: () => asked('resume', [], () => undefined),
    cancel: () => asked('cancel', [], () => undefined),
    remove: (runId) => asked('remove', [runId], () => undefined),
    counts: () => asked('counts', [], () => ({ tokenIds: Uint32Array.of(11), counts: Uint32Array.of(2) })),
    figures: (options) => asked('figures', [options], () => figuresOf(options.norm, 500)),
    scatter: (options) => asked('scatter', [options], () => pointsOf(options.norm, options.of)),
    contexts: (rows, options) =>
      asked('contexts', [rows, options], () =>
        rows.map(
          (row): OccurrenceContext => ({ sequence: 10 + row, position: 3, before: 'so', after: 'it was' }),
        ),
      ),
    text: (sequence, run) => asked('text', [sequence, run], () => `text of ${sequence}`),
    download: (format) => asked('download', [format], () => new Blob([format])),
  }
}
