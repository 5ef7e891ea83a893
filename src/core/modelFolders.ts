import type { FilesSource } from './modelSource'

/** Largest number of folders that a sentence names. */
const MOST_NAMED = 6

const CONFIG = /^(.*\/)?config\.json$/
const WEIGHTS = /\.(safetensors|bin|onnx)$/

/**
 * Finds the folders that hold a model each, below the one whose files are given: those with a `config.json` and weights,
 * but not those inside of another such folder. One is `''` where the files themselves are a model.
 *
 * @param paths with forward slashes
 * @returns with a slash at the end, in the order of their names, numbers in them by size: `checkpoint-500/`, `checkpoint-1500/`
 */
export function modelFolders(paths: readonly string[]): string[] {
  const configured = paths.flatMap((path) => {
    const [found, folder = ''] = CONFIG.exec(path) ?? []
    return found === undefined ? [] : [folder]
  })
  const withWeights = configured.filter((folder) =>
    paths.some((path) => path.startsWith(folder) && WEIGHTS.test(path) && !isBelowAnother(path, folder)),
  )
  /** Says whether a file belongs to a folder further down that has a config.json of its own. */
  function isBelowAnother(path: string, folder: string): boolean {
    return configured.some(
      (other) => other.length > folder.length && other.startsWith(folder) && path.startsWith(other),
    )
  }
  const found = withWeights.length > 0 ? withWeights : configured
  return found
    .filter((folder) => !found.some((other) => other !== folder && folder.startsWith(other)))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

/** Splits the files that were dropped or picked into models, one per folder that holds a model. */
export function modelsAmong({ kind, name, files }: FilesSource): FilesSource[] {
  return modelFolders(files.map(({ path }) => path)).map((folder) => ({
    kind,
    name: folder === '' ? name : `${name}/${folder.slice(0, -1)}`,
    files: files
      .filter(({ path }) => path.startsWith(folder))
      .map(({ path, blob }) => ({ path: path.slice(folder.length), blob })),
  }))
}

/** Names folders for a sentence: `checkpoint-500, checkpoint-1500`. */
export function foldersInWords(folders: readonly string[]): string {
  const names = folders.slice(0, MOST_NAMED).map((folder) => folder.slice(0, -1).slice(0, 80))
  const more = folders.length - MOST_NAMED
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')
}
