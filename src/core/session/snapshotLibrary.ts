import type { AnsweringExplorer, Explorer, ModelInfo } from '../explorer'
import { fail, failureOf } from '../failure'
import { type Call, callOf, proxy } from '../rpc'
import { snapshotExplorer } from './snapshot'
import { parseSnapshot, type Snapshot } from './snapshotSchema'

/** Answers from the shipped results of all examples; each file is fetched when its text is first asked about. */
export interface SnapshotLibrary extends AnsweringExplorer {
  /** Returns the model of the results read so far; null before any. */
  info(): ModelInfo | null
}

/**
 * Returns the library of these examples.
 *
 * @param fetchSnapshot the parsed JSON of an example; where it rejects, that example waits for the model
 */
export function createSnapshotLibrary(
  examples: readonly { readonly slug: string; readonly text: string }[],
  fetchSnapshot: (slug: string) => Promise<unknown>,
): SnapshotLibrary {
  const opened: { readonly inputIds: string; readonly explorer: Explorer }[] = []
  const fetched = new Map<string, Promise<Explorer>>()
  let info: ModelInfo | null = null

  const open = async (slug: string): Promise<Explorer> => {
    const snapshot: Snapshot = parseSnapshot(await fetchSnapshot(slug))
    const explorer = snapshotExplorer(snapshot)
    info = snapshot.model
    opened.push({ inputIds: snapshot.tokens.map(([id]) => id).join(','), explorer })
    return explorer
  }
  const notReady = () => fail('not-ready', 'This is not among the ready-made results.')

  const forText = async (text: string): Promise<Explorer> => {
    const example = examples.find((candidate) => candidate.text === text)
    if (!example) return notReady()
    const known = fetched.get(example.slug) ?? open(example.slug)
    fetched.set(example.slug, known)
    try {
      return await known
    } catch (thrown) {
      fetched.delete(example.slug)
      return fail('not-ready', failureOf(thrown).message)
    }
  }
  const forIds = (ids: readonly number[]) => {
    const key = ids.join(',')
    return opened.find(({ inputIds }) => inputIds === key)?.explorer ?? notReady()
  }

  const ask: Call = async (method, args) => {
    const [{ inputIds }] = args as [{ readonly inputIds: readonly number[] }]
    return callOf(forIds(inputIds))(method, args)
  }

  return proxy<SnapshotLibrary>(ask, {
    info: () => info,
    tokenize: async (text) => (await forText(text)).tokenize(text),
  })
}
