import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { PrioritizedExplorer } from '../core/explorer'
import { fail } from '../core/failure'
import type { ModelRequest, ModelSource } from '../core/modelSource'
import { callOf, proxy } from '../core/rpc'
import { EMPTY_SESSION } from '../core/session'
import { createSnapshotLibrary } from '../core/snapshotLibrary'
import { connectSecondModel } from '../state/compare/secondModel'
import { connectSecondSide } from '../state/compare/secondSide'
import { connectExplorer } from '../state/explore/explore'
import { EXAMPLES } from '../state/learn/examples'
import {
  connectModel,
  type ModelConnection,
  type ModelServices,
  type OpenedModel,
} from '../state/model/modelLoad'
import { connectPermalink } from '../state/session/permalinkSync'
import { connectPersistence } from '../state/session/persistence'
import { type AppStore, createAppStore } from '../state/store'
import { findAdapter } from '../worker/adapter'
import { fetchBuiltInModel } from '../worker/builtInModel'
import type { ExplorerClient } from '../worker/client'
import { createPageCorpus } from '../worker/corpusPage'
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

export interface PageModel extends ModelServices {
  live(): PrioritizedExplorer | null
  /** Engine of runs over a corpus; waits while the model opens. */
  readonly corpus: CorpusEngine
  /** Disposes of the open model and of one that is loading. */
  close(): void
}

async function sourceOf(request: ModelRequest): Promise<ModelSource> {
  return request.kind === 'built-in' ? fetchBuiltInModel(document.baseURI) : withHubToken(request)
}

/**
 * Opens models in workers, a new worker for each model; the former one answers until the next one is used.
 *
 * @param connection connection that is told of changes of the open model
 */
export function createPageModel(connection: () => ModelConnection | null): PageModel {
  let current: ExplorerClient | null = null
  let first: Promise<ExplorerClient> | null = null
  let opening: { readonly client: ExplorerClient; cancelled: boolean } | null = null
  return {
    live: () => current,
    corpus: proxy<CorpusEngine>(async (method, args) => {
      const { corpus } = current ?? (await (first ?? fail('not-ready', 'The model is not open yet.')))
      return callOf(corpus)(method, args)
    }),
    open: (preference, onProgress, request) => {
      void opening?.client.dispose()
      let deviceNote: string | null = null
      const client = createPageExplorer({
        preference,
        onStatus: ({ info, note, lost }) => {
          deviceNote = note
          if (client === current) connection()?.update(info, note, lost)
        },
        onEnd: (failure) => {
          if (client === current) connection()?.lose(failure)
        },
      })
      const mine = { client, cancelled: false }
      opening = mine
      const load = async (): Promise<OpenedModel> => {
        try {
          const source = await sourceOf(request)
          if (mine.cancelled) fail('cancelled', 'Stopped.')
          const info = await client.load(source, onProgress)
          const vocabulary = await client.vocabulary()
          if (mine.cancelled) fail('cancelled', 'Stopped.')
          return { info, vocabulary, deviceNote, use, discard }
        } catch (thrown) {
          discard()
          throw thrown
        }
      }
      const discard = () => {
        if (opening === mine) opening = null
        void client.dispose()
      }
      const use = () => {
        if (opening === mine) opening = null
        void current?.dispose()
        current = client
      }
      const loading = load()
      if (!current) {
        first = loading.then(() => client)
        first.catch(() => undefined)
      }
      return loading
    },
    changeDevice: async (preference) => current?.setDevicePreference(preference),
    cancel: () => {
      if (!opening) return
      opening.cancelled = true
      opening.client.cancelLoad()
    },
    close: () => {
      void opening?.client.dispose()
      void current?.dispose()
      opening = null
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
  const pageModel = createPageModel(() => connection)
  const store = createAppStore({
    services: {
      corpus: createPageCorpus(pageModel.corpus),
      device: {
        live: pageModel.live,
        adapter: () => findAdapter(),
        fetchReference,
        browser: navigator.userAgent,
        cores: navigator.hardwareConcurrency,
        isolated: window.crossOriginIsolated,
        now: () => performance.now(),
      },
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

  const kept = persistence.restored ? keptRequest : undefined
  const connection = connectModel(store, { ...pageModel, kept })
  connectExplorer(store, {
    live: pageModel.live,
    shipped: createSnapshotLibrary(EXAMPLES, fetchSnapshot),
  })
  const secondModel = createPageModel(() => secondConnection)
  const secondConnection = connectSecondModel(store, { ...secondModel, kept })
  connectSecondSide(store, { first: pageModel.live, second: secondModel.live })
  connectNetworkInIdleTime(store)
  return store
}
