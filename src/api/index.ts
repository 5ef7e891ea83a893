import { DEVICES, type NodeDevice, openNodeDevice } from '../engine/forward/nodeDevices'
import type { ModelFiles } from '../engine/modelFiles'
import { openModel as openOn } from '../engine/openedModel'
import { openNodeTokenizer, readModelFiles } from '../engine/sources/nodeFolder'
import type { HubModel } from './hubModel'
import { libraryModel, type Model } from './model'

export * from './exports'
export { DEVICES, type NodeDevice }

export interface OpenModelOptions {
  /** Device; `cpu` by default. */
  readonly device?: NodeDevice
  /** Number of the processor's threads; one per core by default. */
  readonly threads?: number
  /** Folder, or model of the Hub (`owner/name`), with the tokenizer of a model that comes without one. */
  readonly tokenizer?: string
}

/**
 * Opens a model in Node, on onnxruntime-node.
 *
 * @param source a folder with `config.json`, `tokenizer.json` and weights (safetensors, `pytorch_model.bin` or ONNX), one weights
 *   file in such a folder, `{ hub: 'owner/name' }` for a model of the Hub, or these files
 * @throws FailureError that says why the model is refused
 */
export async function openModel(
  source: string | HubModel | ModelFiles,
  options: OpenModelOptions = {},
): Promise<Model> {
  const { device = 'cpu', threads = 0, tokenizer } = options
  const runtime = await openNodeDevice(device, threads)
  return libraryModel(await openOn(runtime, await filesOf(source, tokenizer)))
}

async function filesOf(source: string | HubModel | ModelFiles, tokenizer?: string): Promise<ModelFiles> {
  if (typeof source !== 'string' && !('hub' in source)) return source
  const tokenizerFrom = await openNodeTokenizer(tokenizer)
  if (typeof source === 'string') return readModelFiles(source, tokenizerFrom)
  const { fetchNamedModel } = await import('./hubModel')
  return fetchNamedModel(source, tokenizerFrom)
}
