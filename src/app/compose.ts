import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { ModelInfo, PrioritizedExplorer } from '../core/explorer'
import { fail } from '../core/failure'
import { EMPTY_SESSION } from '../core/session'
import { createSnapshotLibrary } from '../core/snapshotLibrary'
import { connectCorpus } from '../state/corpus'
import { EXAMPLES } from '../state/examples'
import { connectExplorer } from '../state/explore'
import { connectModel, type ModelServices } from '../state/modelLoad'
import { connectPermalink } from '../state/permalinkSync'
import { connectPersistence } from '../state/persistence'
import { type AppStore, createAppStore } from '../state/store'
import { fetchBuiltInModel } from '../worker/builtInModel'
import type { ExplorerClient } from '../worker/client'
import { createPageCorpus } from '../worker/corpusPage'
import { createPageExplorer } from '../worker/pageExplorer'
import { callCorpusEngine, corpusEngineOver } from '../worker/protocol'

/** Results of an example, computed when the page was built. */
async function fetchSnapshot(slug: string): Promise<unknown> {
  const response = await fetch(new URL(`examples/${slug}.json`, document.baseURI))
  if (!response.ok) fail('missing-file', `The server answered ${response.status} for an example's results.`)
  return response.json()
}

interface PageModel extends ModelServices {
  live(): PrioritizedExplorer | null
  /** For runs over a corpus; waits for the model while it opens. */
  readonly corpus: CorpusEngine
}

/** Its answers carry the page's own text, not the worker's copy: texts of megabytes then compare by reference. */
function withOwnText(client: ExplorerClient): PrioritizedExplorer {
  return { ...client, tokenize: async (text) => ({ ...(await client.tokenize(text)), text }) }
}

/** The built-in model in its worker: a fresh one each time it is opened. */
function createPageModel(onStatus: (info: ModelInfo, note: string | null) => void): PageModel {
  let client: ExplorerClient | null = null
  let live: PrioritizedExplorer | null = null
  let opened: Promise<ExplorerClient> | null = null
  let cancelled = false
  return {
    live: () => live,
    corpus: corpusEngineOver(async (method, args) => {
      const { corpus } = await (opened ?? fail('not-ready', 'The model is not open yet.'))
      return callCorpusEngine(corpus, method, args)
    }),
    open: (preference, onProgress) => {
      cancelled = false
      void client?.dispose()
      const opening = createPageExplorer({
        preference,
        onStatus: ({ info, note }) => {
          if (client === opening) onStatus(info, note)
        },
      })
      client = opening
      live = withOwnText(opening)
      const load = async () => {
        const source = await fetchBuiltInModel(document.baseURI)
        if (cancelled) fail('cancelled', 'Stopped.')
        const info = await opening.load(source, onProgress)
        return { info, vocabulary: await opening.vocabulary() }
      }
      const loading = load()
      opened = loading.then(() => opening)
      opened.catch(() => undefined)
      return loading
    },
    changeDevice: async (preference) => client?.setDevicePreference(preference),
    cancel: () => {
      cancelled = true
      client?.cancelLoad()
    },
  }
}

/** Builds every service of the page and joins them to its store. */
export function compose(): AppStore {
  const store = createAppStore()
  const [first] = EXAMPLES
  store
    .getState()
    .replaceSession({ ...EMPTY_SESSION, text: first.text, position: first.position }, { undoable: false })

  const persistence = connectPersistence(store, {
    storage: () => localStorage,
    restore: window.location.hash.length <= 1,
  })
  const permalink = connectPermalink(store, { window })
  window.addEventListener('pagehide', () => {
    permalink.flush()
    persistence.flush()
  })

  const pageModel = createPageModel((info, note) => connection.update(info, note))
  const connection = connectModel(store, pageModel)
  connectExplorer(store, {
    live: pageModel.live,
    shipped: createSnapshotLibrary(EXAMPLES, fetchSnapshot),
  })
  connectCorpus(store, createPageCorpus(pageModel.corpus))
  return store
}
