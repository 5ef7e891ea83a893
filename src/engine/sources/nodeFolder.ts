import { existsSync, openAsBlob } from 'node:fs'
import { lstat, readdir, readlink, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fail } from '../../core/failure'
import { BUILT_IN_VOCABULARY, type SourceFile } from '../../core/modelSource'
import { printable } from '../../core/text/printable'
import type { ModelFiles } from '../modelFiles'
import { refuseByKind } from './fileKinds'
import { localFolder } from './localFolder'
import type { ModelFolder } from './modelFolder'
import { readFolder, type TokenizerFolder } from './readFolder'
import { openTokenizer, type TokenizerOptions } from './tokenizerFolder'

/**
 * Depth of the search: weights are at the top, ONNX files and older models of Sentence-Transformers one folder below.
 */
const MAX_DEPTH = 1

interface Found {
  readonly files: readonly SourceFile[]
  /** Links whose file is not there, with their targets, by path. */
  readonly dangling: ReadonlyMap<string, string>
}

async function filesIn(folder: string, below = '', depth = 0): Promise<Found> {
  const files: SourceFile[] = []
  const dangling = new Map<string, string>()
  for (const { name } of await readdir(join(folder, below), { withFileTypes: true })) {
    if (name.startsWith('.')) continue
    const path = below === '' ? name : `${below}/${name}`
    const place = join(folder, path)
    // Caches of the hub hold links to files.
    const stats = await stat(place).catch(() => null)
    if (stats?.isDirectory() && depth < MAX_DEPTH) {
      const inside = await filesIn(folder, path, depth + 1)
      files.push(...inside.files)
      for (const [link, target] of inside.dangling) dangling.set(link, target)
    } else if (stats?.isFile()) files.push({ path, blob: await openAsBlob(place) })
    else if (!stats && (await lstat(place).catch(() => null))?.isSymbolicLink()) {
      dangling.set(path, await readlink(place))
    }
  }
  return { files, dangling }
}

/** Opens a folder on disk. A dangling link is no fault until its file is asked for. */
export async function openNodeFolder(path: string): Promise<ModelFolder> {
  const { files, dangling } = await filesIn(path)
  const folder = localFolder(path, files)
  return {
    ...folder,
    find: async (name) => {
      const target = dangling.get(name)
      if (target !== undefined) {
        fail('missing-file', `${printable(name)} is a link to ${printable(target)}, which is not there.`, {
          advice: 'Download the model again: this copy of it is not whole.',
        })
      }
      return folder.find(name)
    },
  }
}

const isWeights = (path: string) => /\.(safetensors|bin|onnx)$/.test(path)

/**
 * Reads a model from disk (Node): a folder of the hub's layout, with weights of any format that is read, or one weights
 * file in such a folder.
 *
 * @param tokenizerFrom folder of a tokenizer that does not come with the model
 * @throws FailureError `missing-file`, `damaged-file` or `unsupported-model`
 */
export async function readModelFiles(path: string, tokenizerFrom?: TokenizerFolder): Promise<ModelFiles> {
  const isFolder = (await stat(path)).isDirectory()
  const place = isFolder ? path : dirname(path)
  const name = basename(path)
  if (!isFolder && !isWeights(name)) {
    const blob = await openAsBlob(path)
    const alone = localFolder(place, [{ path: name, blob }])
    await refuseByKind(alone, [{ path: name, bytes: blob.size }])
    fail('unsupported-model', `${printable(name)} is no weights file that is read.`, {
      advice: 'Name a folder, or a file that ends in .safetensors, .bin or .onnx.',
    })
  }
  const files = await readFolder(await openNodeFolder(place), {
    tokenizerFrom,
    ...(!isFolder && { weights: name }),
  })
  return { ...files, id: basename(resolve(place)) + files.id.slice(place.length) }
}

/**
 * Opens the folder of a tokenizer that does not come with its model; undefined where none is named.
 *
 * @param name `built-in`, a folder, or a model of the hub
 * @throws FailureError as the hub does, or `invalid-request`
 */
export async function openNodeTokenizer(
  name: string | undefined,
  options: TokenizerOptions = {},
): Promise<TokenizerFolder | undefined> {
  const isFolder = name !== undefined && name !== BUILT_IN_VOCABULARY && existsSync(name)
  return isFolder ? { name, folder: await openNodeFolder(name) } : openTokenizer(name, options)
}
