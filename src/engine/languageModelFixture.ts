import { openAsBlob } from 'node:fs'
import { familyFile, readFamilyJson } from './familyFixture'
import type { ModelFiles } from './modelFiles'

/** Reads a family's folder as a language model: its tensors and those of its head are two shards. */
export async function languageModelFiles(folder: string): Promise<ModelFiles> {
  const { model } = readFamilyJson<{
    model: { sha256: string; head: string; languageModel: string }
  }>(folder, 'reference.json')
  const settings = readFamilyJson<object>(folder, 'config.json')
  const head = `${model.head}.safetensors`
  return {
    id: folder,
    sha256: model.sha256,
    config: { ...settings, architectures: [model.languageModel] },
    tokenizer: readFamilyJson<object>(folder, 'tokenizer.json'),
    tokenizerConfig: readFamilyJson<object>(folder, 'tokenizer_config.json'),
    weights: await openAsBlob(familyFile(folder, 'model.safetensors')),
    weightsName: 'model.safetensors',
    moreWeights: [{ name: head, blob: await openAsBlob(familyFile(folder, head)) }],
  }
}
