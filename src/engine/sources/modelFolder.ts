import { fail } from '../../core/failure'
import { parsePythonJson } from '../../core/pythonJson'

/** Describes one file of a model folder. */
export interface FolderFile {
  /** Below the folder, with forward slashes: `onnx/model.onnx`. */
  readonly path: string
  /** Length; null: its host does not tell. */
  readonly bytes: number | null
  /** sha256 stated by the host, lower-case hex. */
  readonly sha256?: string | null
  /** git's own hash of small files, as its host states it: sha1 of `blob LENGTH\0` and the bytes. */
  readonly blobSha1?: string | null
}

export interface ReadOptions {
  /** First byte, and the one after the last; all where this is left out. */
  readonly range?: readonly [start: number, end: number]
  /** Hears how many bytes of the file are there. */
  readonly onBytes?: (bytes: number) => void
}

/** Reads a model's files from this machine, an address, or the hub. */
export interface ModelFolder {
  /** Names the folder in sentences, and the model that is read from it. */
  readonly name: string
  /** true if reading costs nothing: files are then chosen by their contents. */
  readonly local: boolean
  /** Lists all files; null where the host does not list them and names can only be tried. */
  list(): Promise<readonly FolderFile[] | null>
  /** @returns null where there is no such file */
  find(path: string): Promise<FolderFile | null>
  /** @throws FailureError `network`, `missing-file` or `damaged-file` */
  read(file: FolderFile, options?: ReadOptions): Promise<Blob>
}

/** Most bytes of a JSON file; a tokenizer of 250,000 words has 17 MB. */
const MAX_JSON_BYTES = 200 * 2 ** 20

/**
 * First line of the pointer that git leaves in the place of a large file
 * (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
 */
const POINTER = 'version https://git-lfs.github.com/spec/'
const MAX_POINTER_BYTES = 1024

/** @throws FailureError `damaged-file` where git left a pointer in the place of the file */
export async function refusePointer(path: string, blob: Blob): Promise<void> {
  if (blob.size > MAX_POINTER_BYTES || !(await blob.text()).startsWith(POINTER)) return
  const size = Number(/^size (\d+)$/m.exec(await blob.text())?.[1])
  const stands = size ? ` for ${size} bytes that are not here` : ' for a file that is not here'
  fail('damaged-file', `${path} is not the file itself but a git-lfs pointer${stands}.`, {
    kept: 'The model that was open stays open.',
    advice: 'Run “git lfs pull” in the folder, or download the file from the model’s page.',
  })
}

/** @throws FailureError `damaged-file` where a file is no JSON, `unsupported-model` where it is far too large */
export async function readJson(
  folder: ModelFolder,
  file: FolderFile,
  onBytes?: ReadOptions['onBytes'],
): Promise<unknown> {
  const tooLarge = (bytes: number): never =>
    fail('unsupported-model', `${file.path} of ${folder.name} has ${bytes} bytes.`)
  if (file.bytes !== null && file.bytes > MAX_JSON_BYTES) tooLarge(file.bytes)
  const blob = await folder.read(file, { onBytes })
  if (blob.size > MAX_JSON_BYTES) tooLarge(blob.size)
  try {
    // A byte order mark is no part of the text.
    return parsePythonJson((await blob.text()).replace(/^\uFEFF/, ''))
  } catch {
    await refusePointer(file.path, blob)
    return fail('damaged-file', `${file.path} is not JSON.`, { kept: 'The model that was open stays open.' })
  }
}
