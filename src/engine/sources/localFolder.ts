import type { SourceFile } from '../../core/modelSource'
import type { FolderFile, ModelFolder } from './modelFolder'

/** Returns files of this machine as a model folder: reading gives the file itself, of which nothing is copied. */
export function localFolder(name: string, files: readonly SourceFile[]): ModelFolder {
  const blobs = new Map(files.map(({ path, blob }) => [path, blob]))
  const listed = files.map(({ path, blob }): FolderFile => ({ path, bytes: blob.size }))
  return {
    name,
    local: true,
    list: async () => listed,
    find: async (path) => listed.find((file) => file.path === path) ?? null,
    read: async ({ path }, { range } = {}) => {
      const blob = blobs.get(path) ?? new Blob()
      return range ? blob.slice(...range) : blob
    },
  }
}
