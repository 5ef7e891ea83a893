import { openAsBlob } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { fail } from '../core/failure'
import type { SourceFile } from '../core/modelSource'
import type { ModelFiles } from './modelFiles'
import { readModelFolder } from './modelFolder'

/** What a weights file is called in a folder of the hub's layout; ONNX files keep their names, which others refer to. */
const USUAL_NAMES: Readonly<Record<string, string>> = {
  '.safetensors': 'model.safetensors',
  '.bin': 'pytorch_model.bin',
}

/** Weights lie at the top, ONNX files often one folder below. */
const MAX_DEPTH = 1

async function filesIn(folder: string, below = '', depth = 0): Promise<SourceFile[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true })
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.'))
      .map(async ({ name }): Promise<SourceFile[]> => {
        const path = below === '' ? name : `${below}/${name}`
        // Caches of the hub hold links to files.
        const stats = await stat(join(folder, path))
        if (stats.isDirectory()) return depth < MAX_DEPTH ? filesIn(folder, path, depth + 1) : []
        return stats.isFile() ? [{ path, blob: await openAsBlob(join(folder, path)) }] : []
      }),
  )
  return found.flat()
}

/** The folder's files with one of its weights files alone, under the name that is looked for. */
function withOnly(files: readonly SourceFile[], name: string): SourceFile[] {
  const isWeights = (path: string) => /\.(safetensors|bin|onnx)$/.test(path)
  return files
    .filter(({ path }) => path === name || !isWeights(path))
    .map((file) => (file.path === name ? { ...file, path: USUAL_NAMES[extname(name)] ?? name } : file))
}

/**
 * Reads a model from disk (Node): a folder of the hub's layout, with weights of any format that is read, or one weights
 * file in such a folder.
 *
 * @throws FailureError `missing-file`, `damaged-file` or `unsupported-model`
 */
export async function readModelFiles(path: string): Promise<ModelFiles> {
  const isFolder = (await stat(path)).isDirectory()
  const folder = isFolder ? path : dirname(path)
  const files = await filesIn(folder)
  // One below belongs to another model than the one that was named.
  if (!files.some((file) => file.path === 'config.json')) {
    fail('missing-file', `There is no config.json in ${folder}.`, {
      advice: 'A model folder holds config.json, tokenizer.json and weights.',
    })
  }
  const id = basename(resolve(folder))
  if (isFolder) return readModelFolder(id, files)
  const name = basename(path)
  return { ...(await readModelFolder(id, withOnly(files, name))), weightsName: name }
}
