import * as v from 'valibot'
import { type Failure, fail, failureOf } from '../../../core/failure'
import { type HubSource, idOfHub } from '../../../core/modelSource'
import type { FolderFile, ModelFolder, ReadOptions } from '../modelFolder'
import { openSavedFiles, type SavableFile, type SavedFiles } from '../savedFiles'
import { downloadHubFile, readHubRange } from './hubDownload'
import { HUB, type HubName, parseHubToken } from './hubName'
import { type HubOptions, refuseGated, requestHub } from './hubRequest'

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const sha1 = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/))

/** The answer of /api/models/ID/revision/REVISION?blobs=true (huggingface_hub, hf_api.py, ModelInfo). */
const ListingSchema = v.object({
  id: v.string(),
  sha: sha1,
  gated: v.nullish(v.union([v.boolean(), v.string()]), false),
  disabled: v.nullish(v.boolean(), false),
  siblings: v.array(
    v.object({
      rfilename: v.string(),
      size: count,
      blobId: v.nullish(sha1, null),
      lfs: v.nullish(v.object({ sha256, size: count }), null),
    }),
  ),
})

type Listing = v.InferOutput<typeof ListingSchema>

function parseListing(id: string, json: unknown): Listing {
  const parsed = v.safeParse(ListingSchema, json)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  return fail(
    'network',
    `The hub's answer about ${id} cannot be understood (${v.getDotPath(issue) ?? 'no JSON'}).`,
    {
      advice: 'Try again later, or download the model and drop its folder here.',
    },
  )
}

const fileOf = ({ rfilename, size, blobId, lfs }: Listing['siblings'][number]): SavableFile => ({
  path: rfilename,
  bytes: lfs?.size ?? size,
  sha256: lfs?.sha256 ?? null,
  // For a large file git has only a pointer to it.
  blobSha1: lfs ? null : blobId,
})

async function requestListing(name: HubName, options: HubOptions): Promise<unknown> {
  const { base = HUB } = options
  const url = `${base}/api/models/${name.id}/revision/${encodeURIComponent(name.revision)}?blobs=true`
  const response = await requestHub(url, name, null, options)
  try {
    return await response.json()
  } catch {
    options.signal?.throwIfAborted()
    return null
  }
}

/** Reads a model of the hub at one commit; files saved in this browser are not fetched again. */
export class HubFolder implements ModelFolder {
  readonly local = false
  /** Id as the hub writes it today: models get renamed. */
  readonly id: string
  /** Revision as the user asked for it. */
  readonly revision: string
  /** Full hash of the revision's commit. Files are fetched at it, so that all are of one state. */
  readonly commit: string
  /** true if the hub did not answer: this is what it said the last time. */
  readonly offline: boolean
  /** Reason why the next visit has to download a file again; null where all files read are saved. */
  notSaved: Failure | null = null
  readonly #files: readonly SavableFile[]
  readonly #options: HubOptions
  readonly #saved: SavedFiles | null

  constructor(
    { revision }: HubName,
    listing: Listing,
    { offline, options, saved }: { offline: boolean; options: HubOptions; saved: SavedFiles | null },
  ) {
    const { id, sha, disabled } = listing
    if (disabled) fail('missing-file', `The hub has disabled ${id}.`)
    this.id = id
    this.revision = revision
    this.commit = sha
    this.offline = offline
    this.#files = listing.siblings.map(fileOf)
    this.#options = options
    this.#saved = saved
  }

  get name(): string {
    return idOfHub(this)
  }

  async list(): Promise<readonly SavableFile[]> {
    return this.#files
  }

  async find(path: string): Promise<SavableFile | null> {
    return this.#files.find((file) => file.path === path) ?? null
  }

  async read(file: FolderFile, { range, onBytes }: ReadOptions = {}): Promise<Blob> {
    const known = (await this.find(file.path)) ?? fail('missing-file', `${this.id} has no file ${file.path}.`)
    if (range) return readHubRange(this, known, range, this.#saved, this.#options)
    const { blob, notKept } = await downloadHubFile(this, known, this.#saved, this.#options, onBytes)
    this.notSaved ??= notKept
    return blob
  }

  /** Returns how many bytes of these files this browser has saved. */
  async savedBytes(files: readonly FolderFile[]): Promise<number> {
    let bytes = 0
    for (const { path } of files) {
      const file = await this.find(path)
      if (file) bytes += (await this.#saved?.read(this.id, file))?.bytes ?? 0
    }
    return bytes
  }
}

const notAsked: typeof globalThis.fetch = () =>
  fail('network', 'Not all of its files are kept in this browser.', {
    advice: 'Open the model by its name: what is missing is then fetched.',
  })

/**
 * Asks the hub what a model has; nothing of it is fetched yet. Its last answer is used where it does not answer, and
 * for a commit, which never changes.
 *
 * @throws FailureError `missing-file` (no such model or revision, private, gated), `network`; an AbortError when the signal
 *   aborts
 */
export async function openHubFolder(
  name: HubName & Pick<HubSource, 'keptOnly'>,
  given: HubOptions = {},
): Promise<HubFolder> {
  const asked = { ...given, token: parseHubToken(given.token) }
  const options = name.keptOnly ? { ...asked, fetch: notAsked } : asked
  const saved = await openSavedFiles(options.base)
  const kept = v.safeParse(ListingSchema, await saved?.readListing(name).catch(() => null))
  if (kept.success && kept.output.sha === name.revision) {
    return new HubFolder(name, kept.output, { offline: false, options, saved })
  }
  try {
    const json = await requestListing(name, { ...options, ...(kept.success && { attempts: 1 }) })
    const listing = parseListing(name.id, json)
    const folder = new HubFolder(name, listing, { offline: false, options, saved })
    // Everybody may list a gated model. What is saved of one opens all the same, without asking.
    if (listing.gated && options.token === undefined) refuseGated(folder.id, false)
    // Without space for it only opening without a network is lost.
    await saved?.writeListing(name, json).catch(() => undefined)
    return folder
  } catch (thrown) {
    if (!kept.success || failureOf(thrown).kind !== 'network') throw thrown
    return new HubFolder(name, kept.output, { offline: true, options, saved })
  }
}
