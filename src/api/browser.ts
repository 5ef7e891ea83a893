import { fail } from '../core/failure'
import { type ModelFiles, sha256Of } from '../engine/modelFiles'
import { openModel as openOn } from '../engine/openedModel'
import { createWebRuntimes, type Provider } from '../engine/webRuntime'
import { libraryModel, type Model } from './model'

export * from './exports'

export interface OpenModelOptions {
  /** Address of the folder with onnxruntime-web's `.mjs` and `.wasm` files, on the page's own origin. */
  readonly runtimeUrl: string
  /** `wasm` where this is left out. */
  readonly device?: Provider
  /** More than one only where the page is cross-origin isolated; 1 where this is left out. */
  readonly threads?: number
}

const WEIGHTS = 'model.safetensors'

async function fetched(folder: string, name: string): Promise<Response> {
  const response = await fetch(new URL(name, folder)).catch(() =>
    fail('network', `${name} could not be fetched: the network did not answer.`),
  )
  if (!response.ok)
    fail('missing-file', `${name} could not be fetched: the server answered ${response.status}.`)
  return response
}

async function fetchFolder(url: string): Promise<ModelFiles> {
  const folder = new URL(url.endsWith('/') ? url : `${url}/`, globalThis.location.href).href
  const json = async (name: string): Promise<unknown> => (await fetched(folder, name)).json()
  const weights = await (await fetched(folder, WEIGHTS)).blob()
  return {
    id: folder.split('/').at(-2) ?? folder,
    config: await json('config.json'),
    tokenizer: await json('tokenizer.json'),
    tokenizerConfig: await json('tokenizer_config.json'),
    weights,
    weightsName: WEIGHTS,
    sha256: await sha256Of(weights),
  }
}

/**
 * Opens a model in a page or a worker, on onnxruntime-web, which is fetched when this is first called.
 *
 * @param source address of a folder with `config.json`, `tokenizer.json`, `tokenizer_config.json` and `model.safetensors`,
 * or these files
 * @throws FailureError that says why the model is refused
 */
export async function openModel(source: string | ModelFiles, options: OpenModelOptions): Promise<Model> {
  const { runtimeUrl, device = 'wasm', threads = 1 } = options
  const ort =
    device === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm')
  const runtimes = createWebRuntimes(ort, { runtimeUrl, threads })
  const files = typeof source === 'string' ? await fetchFolder(source) : source
  // Products with the word table stay on the processor, as in the page.
  return libraryModel(await openOn(runtimes[device], files, runtimes.wasm))
}
