import type { CorpusEngine } from '../core/corpus/corpusEngine'
import { callCorpusEngine, corpusEngineOver } from '../core/corpus/corpusEngineCalls'
import type { PrioritizedExplorer, RequestOptions } from '../core/explorer'
import type { RequestQueue } from './requestQueue'
import type { WorkerConnection } from './workerConnection'

/** The questions of the page and of its runs over a corpus, one at a time behind one another. */
export type QueuedExplorer = Omit<PrioritizedExplorer, 'load' | 'dispose'> & {
  /** What a run over a corpus asks: each call waits behind everything the page itself asks for. */
  readonly corpus: CorpusEngine
}

const SOON: RequestOptions = { priority: 'soon' }
const AHEAD: RequestOptions = { priority: 'ahead' }
const CORPUS: RequestOptions = { priority: 'corpus' }

/** @param ask asks whatever worker answers now */
export function createQueuedExplorer(
  queue: RequestQueue,
  ask: <T>(work: (connection: WorkerConnection) => Promise<T>) => Promise<T>,
): QueuedExplorer {
  const askInTurn = <T>(options: RequestOptions, work: (connection: WorkerConnection) => Promise<T>) =>
    queue.add(() => ask(work), options)
  return {
    vocabulary: () => ask((explorer) => explorer.vocabulary()),
    tokenize: (text) => ask((explorer) => explorer.tokenize(text)),
    neighbors: (request, options = SOON) => askInTurn(options, (explorer) => explorer.neighbors(request)),
    measure: (request, options = SOON) => askInTurn(options, (explorer) => explorer.measure(request)),
    closestTokens: (request, options = SOON) =>
      askInTurn(options, (explorer) => explorer.closestTokens(request)),
    predictTokens: (request, options = SOON) =>
      askInTurn(options, (explorer) => explorer.predictTokens(request)),
    tokenLikelihoods: (request, options = AHEAD) =>
      askInTurn(options, (explorer) => explorer.tokenLikelihoods(request)),
    corpus: corpusEngineOver((method, args) =>
      askInTurn(CORPUS, ({ corpus }) => callCorpusEngine(corpus, method, args)),
    ),
  }
}
