import type { ModelInfo, NeighborsRequest } from '../../src/core/explorer'
import { NO_FILTERS } from '../../src/core/measures/neighbor'
import { inputIdsOf, type TokenizedText } from '../../src/core/text/token'
import type { Feeds, Runtime, Session } from '../../src/engine/forward/runtime'
import type { ModelFiles } from '../../src/engine/modelFiles'
import { openModel } from '../../src/engine/openedModel'

/** Number of neighbours of each token, as many as the page asks for. */
const NEIGHBORS = 10

/** Names the outputs that are fetched: the fewest possible, or all that the page's engine fetches. */
export type Fetched = 'logits' | 'all'

/** Runs a forward of the engine again and again, with nothing around it and no memory in between. */
export interface RepeatableModel {
  readonly info: ModelInfo
  tokenize(text: string): TokenizedText
  /** Chooses the text. @returns its number of tokens */
  prepare(text: string): Promise<number>
  /** Runs the session once with the prepared text. @returns ms */
  forward(fetched: Fetched): Promise<number>
  /** Finds the exact neighbours of every token of the prepared text but [CLS] and [SEP]. @returns ms */
  neighbors(): Promise<number>
}

interface Run {
  readonly session: Session
  readonly feeds: Feeds
  readonly outputs: readonly string[]
}

/** Remembers what the engine asks of the runtime, so that just that can be repeated. */
function recording(runtime: Runtime, onRun: (run: Run) => void): Runtime {
  return {
    ...runtime,
    open: async (graph, checkpoint) => {
      const session = await runtime.open(graph, checkpoint)
      return {
        ...session,
        run: (feeds, outputs) => {
          onRun({ session, feeds, outputs })
          return session.run(feeds, outputs)
        },
      }
    },
  }
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export async function openRepeatable(runtime: Runtime, files: ModelFiles): Promise<RepeatableModel> {
  let last: Run | null = null
  const model = await openModel(
    recording(runtime, (run) => {
      last = run
    }),
    files,
  )
  let run: Run | null = null
  let request: NeighborsRequest | null = null
  const prepared = <T>(value: T | null): T => {
    if (value === null) throw new Error('no text was prepared')
    return value
  }
  return {
    info: model.info,
    tokenize: (text) => model.tokenize(text),
    async prepare(text) {
      const tokenized = model.tokenize(text)
      const inputIds = inputIdsOf(tokenized)
      const positions = tokenized.tokens.flatMap(({ special }, position) => (special ? [] : [position]))
      request = { inputIds, positions, k: NEIGHBORS, filters: NO_FILTERS }
      await model.measure({ inputIds, substitutions: [] })
      run = last
      return inputIds.length
    },
    forward(fetched) {
      const { session, feeds, outputs } = prepared(run)
      return timed(() => session.run(feeds, fetched === 'all' ? outputs : ['logits']))
    },
    neighbors: () => timed(() => model.neighbors(prepared(request))),
  }
}
