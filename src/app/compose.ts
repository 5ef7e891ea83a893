import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { PrioritizedExplorer } from '../core/explorer'
import { fail } from '../core/failure'
import { BUILT_IN_VOCABULARY, type ModelRequest, type ModelSource } from '../core/modelSource'
import { callOf, proxy } from '../core/rpc'
import { EMPTY_SESSION } from '../core/session/session'
import { createSnapshotLibrary } from '../core/session/snapshotLibrary'
import { connectComparedModel } from '../state/compare/comparedModel'
import { connectSecondSide } from '../state/compare/secondSide'
import { connectExplorer } from '../state/explore/explore'
import { EXAMPLES } from '../state/learn/examples'
import type { ModelListener, ModelService, OpenedModel } from '../state/model/modelSlot'
import { connectPermalink } from '../state/session/permalinkSync'
import { connectPersistence } from '../state/session/persistence'
import { type AppStore, createAppStore } from '../state/store'
import { fetchBuiltInModel } from '../worker/builtInModel'
import type { ExplorerClient, OtherDeviceModel } from '../worker/client'
import { createPageCorpus } from '../worker/corpus/corpusPage'
import { findAdapter } from '../worker/device/adapter'
import {
  deleteHubModel,
  keptHubModels,
  keptRequest,
  planModel,
  readHubName,
  takeHubToken,
  withHubToken,
} from '../worker/hubModels'
import { createPageExplorer } from '../worker/pageExplorer'
import { connectNetworkInIdleTime } from './networkInIdleTime'

/** Fetches the results of an example, computed when the page was built. */
export async function fetchSnapshot(slug: string): Promise<unknown> {
  const response = await fetch(new URL(`examples/${slug}.json`, document.baseURI))
  if (!response.ok) fail('missing-file', `The server answered ${response.status} for an example's results.`)
  return response.json()
}

/** Opens models of one side, and answers with the open one. */
export interface PageModel extends ModelService {
  live(): PrioritizedExplorer | null
  /** Opens the open model once more on the other device; null if there is none. */
  otherDevice(signal: AbortSignal): Promise<OtherDeviceModel | null>
  /** Engine of runs over a corpus; waits while the model opens. */
  readonly corpus: CorpusEngine
}

async function sourceOf(request: ModelRequest): Promise<ModelSource> {
  if (request.kind === 'built-in') return fetchBuiltInModel(document.baseURI)
  if (request.tokenizer !== BUILT_IN_VOCABULARY) return withHubToken(request)
  const { url } = await fetchBuiltInModel(document.baseURI)
  return withHubToken({ ...request, builtInUrl: url })
}

/** Opens models in workers, a new worker for each model; the former one answers until the next one is used. */
export function createPageModel(): PageModel {
  let current: ExplorerClient | null = null
  let first: Promise<ExplorerClient> | null = null
  let listener: ModelListener | null = null
  return {
    live: () => current,
    otherDevice: async (signal) =>
      (current ?? fail('not-ready', 'The model is not open yet.')).openOtherDevice(signal),
    corpus: proxy<CorpusEngine>(async (method, args) => {
      const { corpus } = current ?? (await (first ?? fail('not-ready', 'The model is not open yet.')))
      return callOf(corpus)(method, args)
    }),
    listen: (one) => {
      listener = one
    },
    open: (request, { preference, signal, onProgress }) => {
      let deviceNote: string | null = null
      const client = createPageExplorer({
        preference,
        onStatus: ({ info, note, lost }) => {
          deviceNote = note
          if (client === current) listener?.update(info, note, lost)
        },
        onEnd: (failure) => {
          if (client === current) listener?.lose(failure)
        },
      })
      const discard = () => void client.dispose()
      const use = () => {
        void current?.dispose()
        current = client
      }
      const load = async (): Promise<OpenedModel> => {
        signal.addEventListener('abort', discard)
        try {
          signal.throwIfAborted()
          const source = await sourceOf(request)
          const info = await client.load(source, onProgress)
          const vocabulary = await client.vocabulary()
          signal.throwIfAborted()
          return { info, vocabulary, deviceNote, use, discard }
        } catch (thrown) {
          discard()
          throw thrown
        } finally {
          signal.removeEventListener('abort', discard)
        }
      }
      const loading = load()
      if (!current) {
        first = loading.then(() => client)
        first.catch(() => undefined)
      }
      return loading
    },
    changeDevice: async (preference) => current?.setDevicePreference(preference),
    close: () => {
      void current?.dispose()
      current = null
      first = null
    },
  }
}

async function fetchReference(): Promise<unknown> {
  const response = await fetch(new URL('reference/built-in.json', document.baseURI))
  if (!response.ok) fail('missing-file', `The server answered ${response.status} for the reference.`)
  return response.json()
}

function wasReloaded(): boolean {
  const [navigation] = performance.getEntriesByType('navigation')
  return navigation instanceof PerformanceNavigationTiming && navigation.type === 'reload'
}

/** Builds every service of the page and its store over them. */
export function compose(): AppStore {
  const [ownModel, comparedModel] = [createPageModel(), createPageModel()]
  const store = createAppStore({
    services: {
      models: [ownModel, comparedModel],
      corpus: createPageCorpus(ownModel.corpus),
      device: {
        live: ownModel.live,
        otherDevice: ownModel.otherDevice,
        adapter: () => findAdapter(),
        fetchReference,
        browser: navigator.userAgent,
        cores: navigator.hardwareConcurrency,
        isolated: window.crossOriginIsolated,
        now: () => performance.now(),
      },
      table: { live: ownModel.live },
      hub: {
        name: readHubName,
        takeToken: takeHubToken,
        plan: planModel,
        kept: keptHubModels,
        remove: deleteHubModel,
      },
    },
  })
  const [first] = EXAMPLES
  store
    .getState()
    .replaceSession({ ...EMPTY_SESSION, text: first.text, position: first.position }, { undoable: false })

  const persistence = connectPersistence(store, {
    storage: () => localStorage,
    tabStorage: () => sessionStorage,
    fragment: () => window.location.hash,
    reloaded: wasReloaded(),
  })
  const permalink = connectPermalink(store, { window, restored: persistence.restored })
  window.addEventListener('pagehide', () => {
    permalink.flush()
    persistence.flush()
  })

  const findSaved = persistence.restored ? keptRequest : undefined
  store.getState().startModel(findSaved)
  connectExplorer(store, {
    live: ownModel.live,
    variants: () => ownModel.corpus,
    shipped: createSnapshotLibrary(EXAMPLES, fetchSnapshot),
  })
  connectComparedModel(store, findSaved)
  connectSecondSide(store, {
    first: ownModel.live,
    second: comparedModel.live,
    variants: (ofFirst) => (ofFirst ? ownModel : comparedModel).corpus,
  })
  connectNetworkInIdleTime(store)
  return store
}
