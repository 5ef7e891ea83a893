import * as v from 'valibot'
import { fail, failureOf } from '../../core/failure'
import { openHubCache } from './hubCache'
import { chooseHubFiles, type HubFile, type HubFileChoice } from './hubFiles'
import { HUB, type HubName } from './hubName'
import { type HubOptions, refuseGated, requestHub } from './hubRequest'

/** What would be fetched for a model, before it is. */
export interface HubPlan extends HubFileChoice {
  /** As the hub writes it today: models get renamed. */
  readonly id: string
  /** As it was asked for. */
  readonly revision: string
  /** Full hash of the commit that the revision stands for. Files are fetched at it, so that all are of one state. */
  readonly commit: string
  /** Of the files to fetch, ONNX files not counted. */
  readonly bytes: number
  /** The hub did not answer: this is what it said the last time. */
  readonly offline: boolean
}

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

const hubFileOf = ({ rfilename, size, blobId, lfs }: Listing['siblings'][number]): HubFile => ({
  path: rfilename,
  bytes: lfs?.size ?? size,
  sha256: lfs?.sha256 ?? null,
  // Of a large file git knows only a pointer to it.
  blobSha1: lfs ? null : blobId,
})

function planOf({ revision }: HubName, listing: Listing, offline: boolean): HubPlan {
  const { id, sha, gated, disabled } = listing
  if (disabled) fail('missing-file', `The hub has disabled ${id}.`)
  if (gated) refuseGated(id)
  const choice = chooseHubFiles(id, listing.siblings.map(hubFileOf))
  const { config, tokenizer, tokenizerConfig, specialTokens, weights } = choice
  const files = [config, tokenizer, tokenizerConfig, specialTokens, ...(weights?.files ?? [])]
  const bytes = files.reduce((sum, file) => sum + (file?.bytes ?? 0), 0)
  return { ...choice, id, revision, commit: sha, bytes, offline }
}

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

/**
 * Asks the hub what a model has, and chooses what to fetch; nothing of it is fetched yet. What the hub said the last time
 * stands in where it does not answer, and for a commit, which never changes.
 *
 * @throws FailureError `missing-file` (no such model or revision, private, gated), `unsupported-model` (no file that is
 *   read), `network`; an AbortError when the signal aborts
 */
export async function planHubModel(name: HubName, options: HubOptions = {}): Promise<HubPlan> {
  const cache = await openHubCache(options.base)
  const kept = v.safeParse(ListingSchema, await cache?.readListing(name).catch(() => null))
  if (kept.success && kept.output.sha === name.revision) return planOf(name, kept.output, false)
  try {
    const json = await requestListing(name, { ...options, ...(kept.success && { attempts: 1 }) })
    const plan = planOf(name, parseListing(name.id, json), false)
    // Without room for it only the way back without a network is lost.
    await cache?.writeListing(name, json).catch(() => undefined)
    return plan
  } catch (thrown) {
    if (!kept.success || failureOf(thrown).kind !== 'network') throw thrown
    return planOf(name, kept.output, true)
  }
}
