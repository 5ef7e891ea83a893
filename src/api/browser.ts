import { createWebRuntimes, type Provider } from '../engine/forward/webRuntime'
import type { ModelFiles } from '../engine/modelFiles'
import { openModel as openOn } from '../engine/openedModel'
import { fetchFolder } from '../engine/sources/addressFolder'
import type { HubModel } from './hubModel'
import { libraryModel, type Model } from './model'

export * from './exports'

export interface OpenModelOptions {
  /** Address of the folder with onnxruntime-web's `.mjs` and `.wasm` files, on the page's own origin. */
  readonly runtimeUrl: string
  /** Device; `wasm` by default. */
  readonly device?: Provider
  /** Number of threads, more than one only if the page is cross-origin isolated; 1 by default. */
  readonly threads?: number
}

async function filesOf(source: string | HubModel | ModelFiles): Promise<ModelFiles> {
  if (typeof source === 'string') {
    const files = await fetchFolder(new URL(source.endsWith('/') ? source : `${source}/`, location.href))
    return { ...files, id: files.id.split('/').at(-2) ?? files.id }
  }
  if (!('hub' in source)) return source
  const { fetchNamedModel } = await import('./hubModel')
  return fetchNamedModel(source)
}

/**
 * Opens a model in a page or a worker, on onnxruntime-web, which is fetched at the first call.
 *
 * @param source address of a folder with `config.json`, `tokenizer.json` and weights (safetensors, `pytorch_model.bin`, both
 *   also in shards with their index file, or `model.onnx`), `{ hub: 'owner/name' }` for a model of the Hub, or these files
 * @throws FailureError that says why the model is refused
 */
export async function openModel(
  source: string | HubModel | ModelFiles,
  options: OpenModelOptions,
): Promise<Model> {
  const { runtimeUrl, device = 'wasm', threads = 1 } = options
  const ort =
    device === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm')
  const runtimes = createWebRuntimes(ort, { runtimeUrl, threads })
  // Products with the word table stay on the processor, as in the page.
  return libraryModel(await openOn(runtimes[device], await filesOf(source), runtimes.wasm))
}
