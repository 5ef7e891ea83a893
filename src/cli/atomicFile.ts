import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const MARK = '.tmp'

/** Makes a rename in a folder survive a power failure, if the system supports it. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | null = null
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } catch {
    // Windows opens no folders.
  } finally {
    await handle?.close()
  }
}

/** Writes a file completely or not at all, whenever the process ends: under another name first, then renamed. */
export async function writeAtomically(
  path: string,
  parts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  // The process in the name: two that write the same file never write into one another's.
  const temporary = join(folder, `.${basename(path)}.${process.pid}${MARK}`)
  try {
    const handle = await open(temporary, 'w')
    try {
      for await (const part of parts) await handle.writeFile(part)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
  await syncFolder(folder)
}

/** Removes the temporary files of writers that were killed. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith('.') && name.endsWith(MARK)) await rm(join(folder, name), { force: true })
  }
}
