import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import { hearRequests } from '../requests'
import { hearEnd } from '../workerEnd'
import { type CorpusClient, createCorpusClient } from './corpusClient'

/** Creates the corpus client with a real worker, as the page uses it; the worker starts with the first call. */
export function createPageCorpus(engine: CorpusEngine): CorpusClient {
  return createCorpusClient({
    engine,
    createWorker: () =>
      hearEnd(
        hearRequests(
          new Worker(new URL('./corpus.worker.ts', import.meta.url), { type: 'module', name: 'corpus' }),
        ),
      ),
    base: new URL('./', document.baseURI).href,
  })
}
