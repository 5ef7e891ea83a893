import { openAsBlob } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type ModelFiles, sha256Of } from './modelFiles'

/** Reads a model folder of the hub's layout from disk (Node). */
export async function readModelFiles(folder: string, weightsName = 'model.safetensors'): Promise<ModelFiles> {
  const json = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, name), 'utf8'))
  const weights = await openAsBlob(join(folder, weightsName))
  return {
    id: basename(folder),
    config: await json('config.json'),
    tokenizer: await json('tokenizer.json'),
    tokenizerConfig: await json('tokenizer_config.json'),
    weights,
    weightsName,
    sha256: await sha256Of(weights),
  }
}
