import type { ModelFiles } from '../engine/modelFiles'
import { DEVICES, type NodeDevice, openNodeDevice } from '../engine/nodeDevices'
import { openModel as openOn } from '../engine/openedModel'
import { readModelFiles } from '../engine/readModelFiles'
import { libraryModel, type Model } from './model'

export * from './exports'
export { DEVICES, type NodeDevice }

export interface OpenModelOptions {
  /** `cpu` where this is left out. */
  readonly device?: NodeDevice
  /** Of the processor; as many as there are cores where this is left out. */
  readonly threads?: number
}

/**
 * Opens a model in Node, on onnxruntime-node.
 *
 * @param source a folder with `config.json`, `tokenizer.json` and weights (safetensors, `pytorch_model.bin` or ONNX), one weights
 *   file in such a folder, or these files
 * @throws FailureError that says why the model is refused
 */
export async function openModel(source: string | ModelFiles, options: OpenModelOptions = {}): Promise<Model> {
  const { device = 'cpu', threads = 0 } = options
  const runtime = await openNodeDevice(device, threads)
  return libraryModel(
    await openOn(runtime, typeof source === 'string' ? await readModelFiles(source) : source),
  )
}
