import { fail } from '../../core/failure'
import type { FilesSource, SourceFile } from '../../core/modelSource'

/** Most files of a model folder: it has a few dozen, and more were dropped by mistake. */
const MAX_FILES = 2000
const MAX_DEPTH = 5

function tooMany(): never {
  return fail('invalid-request', `More than ${MAX_FILES} files were dropped.`, {
    kept: 'The model that was open stays open.',
    advice: 'Drop only the folder that holds the model’s config.json.',
  })
}

const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File>((resolve, reject) => entry.file(resolve, reject))

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  // Browsers return a hundred at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return all
    all.push(...some)
    if (all.length > MAX_FILES) tooMany()
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

async function collect(entry: FileSystemEntry, depth: number, found: SourceFile[]): Promise<void> {
  if (found.length > MAX_FILES) tooMany()
  if (isFile(entry)) found.push({ path: entry.fullPath.replace(/^\//, ''), blob: await fileOf(entry) })
  else if (isFolder(entry) && depth < MAX_DEPTH && !entry.name.startsWith('.')) {
    for (const inner of await entriesOf(entry)) await collect(inner, depth + 1, found)
  }
}

/** Names files without a folder by the largest of them, which is the weights; several folders by all their names. */
function looseName(files: readonly SourceFile[]): string {
  const folders = [...new Set(files.map(({ path }) => path.split('/')[0]))]
  if (files.length > 0 && files.every(({ path }) => path.includes('/'))) return folders.join(', ')
  const [largest] = [...files].sort((a, b) => b.blob.size - a.blob.size)
  return largest?.path ?? ''
}

/** Returns the files of a folder, with its own name removed from their paths. */
function sourceOf(files: readonly SourceFile[]): FilesSource {
  const [first] = files
  const root = first?.path.split('/')[0] ?? ''
  const inside = files.length > 0 && files.every(({ path }) => path.startsWith(`${root}/`))
  return {
    kind: 'files',
    name: inside ? root : looseName(files),
    files: inside ? files.map(({ path, blob }) => ({ path: path.slice(root.length + 1), blob })) : files,
  }
}

/** Endings of files that hold weights. */
const WEIGHTS = /\.(safetensors|onnx|bin|pt|pth|gguf)$/i

/** Says whether what is dropped is meant as a model: a folder, or files with weights among them. */
export function isModelDrop({ items, files }: Pick<DataTransfer, 'items' | 'files'>): boolean {
  const hasFolder = [...items].some((item) => item.webkitGetAsEntry?.()?.isDirectory === true)
  return hasFolder || [...files].some(({ name }) => WEIGHTS.test(name))
}

/** Reads files that were picked, with their paths if a folder was picked. */
export function readPickedFiles(list: FileList | readonly File[]): FilesSource {
  const files = [...list]
  if (files.length > MAX_FILES) tooMany()
  return sourceOf(files.map((blob) => ({ path: blob.webkitRelativePath || blob.name, blob })))
}

/**
 * Reads a folder or files that were dropped. The browser's data about them is gone when the event is over, so call it
 * in the event's handler, before anything else is awaited.
 *
 * @throws FailureError `invalid-request` if they are far too many
 */
export async function readDroppedFolder(transfer: DataTransfer): Promise<FilesSource> {
  const dropped = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }))
  const found: SourceFile[] = []
  for (const { entry, file } of dropped) {
    if (entry?.isDirectory) await collect(entry, 0, found)
    else if (file) found.push({ path: file.name, blob: file })
  }
  return sourceOf(found)
}
