import type { CorpusEngine } from '../core/corpus/corpusEngine'
import { callCorpusEngine } from '../core/corpus/corpusEngineCalls'
import type { LoadProgress } from '../core/explorer'
import { type FailureKind, fail, failureOf } from '../core/failure'
import { createCorpusEngine } from '../engine/corpusEngine'
import { type OpenedModel, openModel } from '../engine/openedModel'
import { openSource } from '../engine/sources/openSource'
import { createWebRuntimes, type Provider, type WebRuntimes } from '../engine/webRuntime'
import type { Answer, ExplorerHost } from './protocol'

/** The build of the runtime that a provider needs: the smallest that will do. */
async function importRuntime(provider: Provider) {
  if (provider === 'wasm') return import('onnxruntime-web/wasm')
  return 'Suspending' in WebAssembly ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu')
}

/** Chromium, Firefox and WebKit, of WebAssembly's memory and of arrays; the runtime's own words; Emscripten's. */
const OUT_OF_MEMORY =
  /out of memory|bad_alloc|allocation failed|(could not|failed to) allocate|allocate memory|invalid array (buffer )?length|cannot enlarge memory|Aborted\(OOM\)/i

const MEMORY_ADVICE = {
  kept: 'Your text and pins are kept.',
  advice: 'Close other tabs or programs, or choose a smaller model, and try again.',
}

async function answer<T>(work: () => T | Promise<T>, unknownKind: FailureKind): Promise<Answer<Awaited<T>>> {
  try {
    return { ok: true, value: await work() }
  } catch (thrown) {
    const failure = failureOf(thrown)
    if (failure.kind !== 'internal') return { ok: false, failure }
    if (!OUT_OF_MEMORY.test(failure.message)) return { ok: false, failure: { ...failure, kind: unknownKind } }
    const message = `The browser has no more memory for this model (${failure.message}).`
    return { ok: false, failure: { kind: 'out-of-memory', message, ...MEMORY_ADVICE } }
  }
}

/** Notes on the worker's timeline when a part of opening is done: bench/coldOpen.mjs reads it. */
async function marked<T>(name: string, work: Promise<T>): Promise<T> {
  const value = await work
  performance.mark(name)
  return value
}

/** The worker's side: one runtime, one model, every call answered by a value. */
export function createExplorerHost(): ExplorerHost {
  let provider: Provider = 'wasm'
  let runtimes: Promise<WebRuntimes> | null = null
  let model: OpenedModel | null = null
  let corpusEngine: CorpusEngine | null = null

  const opened = () => model ?? fail('not-ready', 'The model is not open yet.')
  // What a GPU says when it is lost differs by driver and browser; on WASM there is no such thing.
  const run = <T>(work: () => T | Promise<T>) =>
    answer(work, provider === 'webgpu' ? 'device-lost' : 'internal')

  return {
    start: (options) =>
      answer(async () => {
        provider = options.provider
        runtimes = importRuntime(provider).then((ort) => createWebRuntimes(ort, options))
        await runtimes
      }, 'network'),
    load: (source, onProgress) =>
      run(async () => {
        if (!runtimes) return fail('not-ready', 'The runtime was not started.')
        const report = (progress: LoadProgress) => void onProgress?.(progress)
        // The runtime's own download and the model's go on side by side.
        const [{ wasm, webgpu }, files] = await Promise.all([
          marked(
            'runtime',
            runtimes.then(async (ready) => {
              await ready.wasm.warmUp()
              return ready
            }),
          ),
          marked('files', openSource(source, report)),
        ])
        const bytes = files.weights.size
        report({ stage: 'session', loadedBytes: bytes, totalBytes: bytes })
        model = await marked('session', openModel(provider === 'webgpu' ? webgpu : wasm, files, wasm))
        corpusEngine = createCorpusEngine(model)
        return model.info
      }),
    vocabulary: () => run(() => opened().vocabulary),
    tokenize: (text) => run(() => opened().tokenize(text)),
    neighbors: (request) => run(() => opened().neighbors(request)),
    measure: (request) => run(() => opened().measure(request)),
    closestTokens: (request) => run(() => opened().closestTokens(request)),
    predictTokens: (request) => run(() => opened().predictTokens(request)),
    tokenLikelihoods: (request) => run(() => opened().tokenLikelihoods(request)),
    corpus: (method, args) =>
      run(() => {
        const engine = corpusEngine ?? fail('not-ready', 'The model is not open yet.')
        return callCorpusEngine(engine, method, args)
      }),
    dispose: () =>
      run(async () => {
        await model?.release()
        model = null
        corpusEngine = null
      }),
  }
}
