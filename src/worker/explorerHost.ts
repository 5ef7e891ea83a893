import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { LoadProgress, ModelSource } from '../core/explorer'
import { FailureError, type FailureKind, fail, failureOf } from '../core/failure'
import { type Call, callOf } from '../core/rpc'
import { createCorpusEngine } from '../engine/corpusEngine'
import { createWebRuntimes, type Provider } from '../engine/forward/webRuntime'
import { type OpenedModel, openModel } from '../engine/openedModel'
import { openSource } from '../engine/sources/openSource'
import { CORPUS, type StartOptions } from './explorerProtocol'

/** Imports the smallest build of the runtime that a provider can use. */
async function importRuntime(provider: Provider) {
  if (provider === 'wasm') return import('onnxruntime-web/wasm')
  return 'Suspending' in WebAssembly ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu')
}

/** Messages of Chromium, Firefox and WebKit about WebAssembly's memory and arrays, of the runtime and of Emscripten. */
const OUT_OF_MEMORY =
  /out of memory|bad_alloc|allocation failed|(could not|failed to) allocate|allocate memory|invalid array (buffer )?length|cannot enlarge memory|Aborted\(OOM\)/i

const MEMORY_ADVICE = {
  kept: 'Your text and pins are kept.',
  advice: 'Close other tabs or programs, or choose a smaller model, and try again.',
}

/** Gives what is thrown its kind where it has none. */
async function explained<T>(work: () => T | Promise<T>, unknownKind: FailureKind): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    const failure = failureOf(thrown)
    if (failure.kind !== 'internal') throw new FailureError(failure)
    if (!OUT_OF_MEMORY.test(failure.message)) throw new FailureError({ ...failure, kind: unknownKind })
    const message = `The browser has no more memory for this model (${failure.message}).`
    return fail('out-of-memory', message, MEMORY_ADVICE)
  }
}

/** Marks on the worker's timeline that a part of opening is done: bench/coldOpen.mjs reads it. */
async function marked<T>(name: string, work: Promise<T>): Promise<T> {
  const value = await work
  performance.mark(name)
  return value
}

/**
 * Answers in the worker: `load` opens one model on one runtime; every other method is the model's own, or with `CORPUS`
 * before it, that of its `CorpusEngine`.
 */
export function createExplorerHost(): Call {
  let provider: Provider = 'wasm'
  let model: OpenedModel | null = null
  let corpus: CorpusEngine | null = null

  async function load(
    options: StartOptions,
    source: ModelSource,
    onProgress?: (progress: LoadProgress) => void,
  ) {
    provider = options.provider
    const imported = explained(
      async () => createWebRuntimes(await importRuntime(provider), options),
      'network',
    )
    const warm = async () => {
      const ready = await imported
      // Its failure is told by whoever asks again.
      void ready.wasm.tokenizers().catch(() => undefined)
      await ready.wasm.warmUp()
      return ready
    }
    // The runtime's own download and the model's go on side by side.
    const [{ wasm, webgpu }, files] = await Promise.all([
      marked('runtime', warm()),
      marked(
        'files',
        openSource(source, (progress) => onProgress?.(progress)),
      ),
    ])
    const bytes = files.weights.size
    onProgress?.({ stage: 'session', loadedBytes: bytes, totalBytes: bytes })
    model = await marked('session', openModel(provider === 'webgpu' ? webgpu : wasm, files, wasm))
    corpus = createCorpusEngine(model)
    return model.info
  }

  const host = callOf({
    load,
    dispose: async () => {
      await model?.release()
      model = null
      corpus = null
    },
  })

  const answer: Call = (method, args) => {
    if (method === 'load' || method === 'dispose') return host(method, args)
    if (!model || !corpus) return fail('not-ready', 'The model is not open yet.')
    return method.startsWith(CORPUS)
      ? callOf(corpus)(method.slice(CORPUS.length), args)
      : callOf(model)(method, args)
  }

  // The message of a lost GPU differs by driver and browser; WASM has no such loss.
  return (method, args) =>
    explained(() => answer(method, args), provider === 'webgpu' ? 'device-lost' : 'internal')
}
