import * as v from 'valibot'
import { HUB, type HubName } from './hub/hubName'
import type { FolderFile } from './modelFolder'

/** Name of the cache, with the layout's version. */
const CACHE_NAME = 'ripplescope-hub-v1'

/** Bytes of one entry: what a cut download loses at most, and what it takes of memory. */
export const PART_BYTES = 16 * 2 ** 20

/** Describes a file whose length is known. */
export type SavableFile = FolderFile & { readonly bytes: number }

/** Describes the saved part of one file of a model. */
export interface SavedFile {
  readonly path: string
  /** Saved bytes. */
  readonly bytes: number
  readonly totalBytes: number
  /** true if whole, and its hash compared. */
  readonly complete: boolean
}

export interface SavedModel {
  readonly id: string
  readonly bytes: number
  readonly files: readonly SavedFile[]
  /** Revisions as the user asked for them, of which more than config.json is saved. */
  readonly revisions: readonly string[]
}

/** Holds the bytes that a file is cut into, and the number saved. */
export interface SavedParts {
  /** Parts without a gap, from the first byte. */
  readonly parts: readonly Blob[]
  readonly bytes: number
  /** true if whole, and its hash compared. */
  readonly complete: boolean
}

const KeySchema = v.object({
  id: v.string(),
  path: v.string(),
  part: v.union([v.number(), v.literal('whole')]),
  bytes: v.number(),
  of: v.number(),
})

type Key = v.InferOutput<typeof KeySchema>

/** Part of the hub's listing by which the cache knows its files. */
const ListedSchema = v.object({
  siblings: v.array(
    v.object({
      rfilename: v.string(),
      blobId: v.nullish(v.string(), null),
      lfs: v.nullish(v.object({ sha256: v.string() }), null),
    }),
  ),
})

/** File that is already downloaded when a model is looked up. */
const LOOKED_UP = 'config.json'

/**
 * Saves files of the hub in the browser's Cache API, each in parts of PART_BYTES. The files it returns are on disk, not
 * in memory.
 *
 * A file is known by what is in it, not by its commit: a new README is no new download. An entry's whole description is
 * in its key, so that the cache can be listed without reading it.
 */
export class SavedFiles {
  readonly #base: string
  readonly #cache: Cache

  constructor(base: string, cache: Cache) {
    this.#base = base
    this.#cache = cache
  }

  #key(id: string, file: SavableFile, part: Key['part'], bytes: number): string {
    const content = file.sha256 ?? file.blobSha1 ?? 'unknown'
    const key: Key = { id, path: file.path, part, bytes, of: file.bytes }
    return `${this.#base}/kept/${id}/${content}?${new URLSearchParams({ entry: JSON.stringify(key) })}`
  }

  #partKey(id: string, file: SavableFile, part: number): string {
    return this.#key(id, file, part, partLength(file, part))
  }

  async read(id: string, file: SavableFile): Promise<SavedParts> {
    const parts: Blob[] = []
    let bytes = 0
    while (bytes < file.bytes) {
      const response = await this.#cache.match(this.#partKey(id, file, parts.length))
      const blob = await response?.blob()
      if (blob?.size !== partLength(file, parts.length)) break
      parts.push(blob)
      bytes += blob.size
    }
    const whole = await this.#cache.match(this.#key(id, file, 'whole', 0))
    return { parts, bytes, complete: bytes === file.bytes && whole !== undefined }
  }

  /** Saves one part. @returns the same bytes, on disk. Rejects where there is no space (`QuotaExceededError`). */
  async write(id: string, file: SavableFile, part: number, bytes: Blob): Promise<Blob> {
    const key = this.#partKey(id, file, part)
    await this.#cache.put(key, new Response(bytes))
    return (await (await this.#cache.match(key))?.blob()) ?? bytes
  }

  /** Notes that a file is whole and its hash right. */
  async seal(id: string, file: SavableFile): Promise<void> {
    await this.#cache.put(this.#key(id, file, 'whole', 0), new Response(''))
  }

  async forget(id: string, file: SavableFile): Promise<void> {
    for (let part = 0; part * PART_BYTES < file.bytes; part++) {
      await this.#cache.delete(this.#partKey(id, file, part))
    }
    await this.#cache.delete(this.#key(id, file, 'whole', 0))
  }

  #listingKey({ id, revision }: HubName): string {
    return `${this.#base}/listing/${id}?${new URLSearchParams({ revision })}`
  }

  /** Returns what the hub last said about a model, for when it cannot be asked; null if it never was. */
  async readListing(name: HubName): Promise<unknown> {
    const response = await this.#cache.match(this.#listingKey(name))
    return response ? response.json() : null
  }

  async writeListing(name: HubName, listing: unknown): Promise<void> {
    await this.#cache.put(this.#listingKey(name), new Response(JSON.stringify(listing)))
  }

  /** Lists all saved files, by model. */
  async list(): Promise<SavedModel[]> {
    const models = new Map<string, Map<string, SavedFile>>()
    const listings: HubName[] = []
    for (const { url } of await this.#cache.keys()) {
      const key = this.#keyOf(url)
      if (!key) {
        const name = this.#listedName(url)
        if (name) listings.push(name)
        continue
      }
      const files = models.get(key.id) ?? new Map<string, SavedFile>()
      models.set(key.id, files)
      const content = url.slice(0, url.indexOf('?'))
      const known = files.get(`${content} ${key.path}`)
      const bytes = (known?.bytes ?? 0) + key.bytes
      files.set(`${content} ${key.path}`, {
        path: key.path,
        bytes,
        totalBytes: key.of,
        complete: (known?.complete ?? false) || key.part === 'whole',
      })
    }
    const kept = [...models].map(async ([id, byName]) => {
      const files = [...byName.values()].sort((a, b) => b.totalBytes - a.totalBytes)
      const contents = new Set([...byName.keys()].map((name) => name.split(' ')[0].split('/').at(-1) ?? ''))
      const revisions: string[] = []
      for (const name of listings) {
        if (name.id === id && (await this.#isBegun(name, contents))) revisions.push(name.revision)
      }
      return { id, files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), revisions }
    })
    return (await Promise.all(kept)).sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Says whether more of a revision is saved than looking it up leaves. @param contents hashes that are saved */
  async #isBegun(name: HubName, contents: ReadonlySet<string>): Promise<boolean> {
    const listed = v.safeParse(ListedSchema, await this.readListing(name).catch(() => null))
    if (!listed.success) return false
    return listed.output.siblings.some(
      ({ rfilename, lfs, blobId }) => rfilename !== LOOKED_UP && contents.has(lfs?.sha256 ?? blobId ?? ''),
    )
  }

  #listedName(url: string): HubName | null {
    const start = `${this.#base}/listing/`
    if (!url.startsWith(start)) return null
    const revision = new URL(url).searchParams.get('revision')
    return revision === null ? null : { id: url.slice(start.length, url.indexOf('?')), revision }
  }

  /** Deletes all saved files of one model. @returns bytes that this freed */
  async delete(id: string): Promise<number> {
    let freed = 0
    for (const request of await this.#cache.keys()) {
      const key = this.#keyOf(request.url)
      const ofModel = key ? key.id === id : request.url.startsWith(`${this.#base}/listing/${id}?`)
      if (!ofModel) continue
      await this.#cache.delete(request)
      freed += key?.bytes ?? 0
    }
    return freed
  }

  #keyOf(url: string): Key | null {
    if (!url.startsWith(`${this.#base}/kept/`)) return null
    try {
      return v.parse(KeySchema, JSON.parse(new URL(url).searchParams.get('entry') ?? ''))
    } catch {
      return null
    }
  }
}

const partLength = (file: SavableFile, part: number) => Math.min(PART_BYTES, file.bytes - part * PART_BYTES)

/** Opens the cache where the browser allows one; private windows and plain http may not. */
export async function openSavedFiles(base = HUB): Promise<SavedFiles | null> {
  try {
    return new SavedFiles(base, await caches.open(CACHE_NAME))
  } catch {
    return null
  }
}

/** Lists the models that the browser saves, with their sizes; none where it grants no cache. */
export async function listSavedModels(base?: string): Promise<readonly SavedModel[]> {
  return (await (await openSavedFiles(base))?.list()) ?? []
}

/** Deletes all that is saved of one model. @returns bytes that this freed */
export async function deleteSavedModel(id: string, base?: string): Promise<number> {
  return (await (await openSavedFiles(base))?.delete(id)) ?? 0
}
