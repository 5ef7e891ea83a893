import { createHash } from 'node:crypto'

export interface ServedModel {
  /** Files by path. Those larger than `LARGE_BYTES` are in the storage, like the hub's LFS files. */
  readonly files: Readonly<Record<string, Blob | Uint8Array | string>>
  /** Branches and tags other than `main`; all are the same commit. */
  readonly revisions?: readonly string[]
  readonly gated?: 'auto' | 'manual'
  readonly disabled?: boolean
  /** true if indistinguishable from one that is not there. */
  readonly private?: boolean
  /** true if the hub states no hash of its files. */
  readonly unhashed?: boolean
  /** Former name: requests for it are redirected. */
  readonly formerId?: string
}

/** The token of an account that may read every model. */
export const TOKEN = 'hf_aTokenOfNobody'

export const LARGE_BYTES = 1_000

const EXPOSED_BY_HUB =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,' +
  'X-Linked-Size,X-Linked-ETag,X-Xet-Hash'
const EXPOSED_BY_STORAGE = 'Accept-Ranges, Content-Range, Content-Type, Content-Disposition, ETag, X-Cache'

export type Headers = Readonly<Record<string, string>>

/** Holds a text, or a file of which a range may be sent. */
export type Answer =
  | { readonly status: number; readonly headers: Headers; readonly body?: string }
  | { readonly file: StoredFile; readonly headers: Headers }

export interface Question {
  readonly method: string
  readonly url: URL
  readonly origin: string | undefined
  readonly authorization?: string | null
}

export interface StoredFile {
  readonly path: string
  readonly blob: Blob
  readonly sha256: string
  readonly blobSha1: string
  readonly large: boolean
}

export interface StoredModel extends ServedModel {
  readonly id: string
  readonly commit: string
  readonly stored: readonly StoredFile[]
}

async function hashes(blob: Blob): Promise<{ sha256: string; blobSha1: string }> {
  const sha256 = createHash('sha256')
  const sha1 = createHash('sha1').update(`blob ${blob.size}\0`)
  const reader = blob.stream().getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { sha256: sha256.digest('hex'), blobSha1: sha1.digest('hex') }
    sha256.update(value)
    sha1.update(value)
  }
}

/** Stores a model as the hub does: hashed, at a commit. */
export async function store(id: string, model: ServedModel): Promise<StoredModel> {
  const stored: StoredFile[] = []
  for (const [path, content] of Object.entries(model.files)) {
    const blob = content instanceof Blob ? content : new Blob([content as BlobPart])
    stored.push({ path, blob, large: blob.size > LARGE_BYTES, ...(await hashes(blob)) })
  }
  const commit = createHash('sha1')
    .update(stored.map(({ path, sha256 }) => `${path} ${sha256}\n`).join(''))
    .digest('hex')
  return { ...model, id, commit, stored }
}

const corsOfHub = (origin: string | undefined): Headers => ({
  'access-control-allow-origin': origin ?? 'https://huggingface.co',
  'access-control-expose-headers': EXPOSED_BY_HUB,
  vary: 'Origin',
})

const corsOfStorage: Headers = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED_BY_STORAGE,
}

function listingOf(
  { id, commit, stored, gated, disabled, unhashed }: StoredModel,
  withBlobs: boolean,
): string {
  const siblings = stored.map(({ path, blob, large, sha256, blobSha1 }) => ({
    rfilename: path,
    ...(withBlobs && {
      // For a large file git has a pointer of some 130 bytes.
      ...(!unhashed && { blobId: large ? createHash('sha1').update(sha256).digest('hex') : blobSha1 }),
      size: blob.size,
      ...(large && !unhashed && { lfs: { sha256, size: blob.size, pointerSize: 134 } }),
    }),
  }))
  const flags = { private: false, gated: gated ?? false, disabled: disabled ?? false }
  return JSON.stringify({ _id: commit.slice(0, 24), id, modelId: id, sha: commit, ...flags, siblings })
}

interface Address {
  readonly kind: 'listing' | 'resolve' | 'small file'
  readonly id: string
  readonly revision: string
  readonly path: string
}

function parseAddress(pathname: string): Address | null {
  const cached = /^\/api\/resolve-cache\/models\/((?:[^/]+\/)?[^/]+)\/([0-9a-f]{40})\/(.+)$/.exec(pathname)
  const listing = /^\/api\/models\/(.+?)(?:\/revision\/([^/]+))?$/.exec(pathname)
  const resolve = /^\/(.+?)\/resolve\/([^/]+)\/(.+)$/.exec(pathname)
  const [, id, revision = 'main', path = ''] = cached ?? listing ?? resolve ?? []
  if (id === undefined) return null
  const kind = cached ? 'small file' : listing ? 'listing' : 'resolve'
  return { kind, id, revision: decodeURIComponent(revision), path: decodeURIComponent(path) }
}

/**
 * Returns huggingface.co's answer to a request.
 * @param storage address of the host that large files are redirected to
 */
export function answerOfHub(models: readonly StoredModel[], question: Question, storage: string): Answer {
  const { method, url, origin } = question
  const cors = corsOfHub(origin)
  if (method === 'OPTIONS') {
    // A page that sends a token has to ask first.
    return { status: 204, headers: { ...cors, 'access-control-allow-headers': 'authorization, range' } }
  }
  const { authorization } = question
  const known = authorization === `Bearer ${TOKEN}`
  const address = parseAddress(url.pathname)
  if (!address) return { status: 404, headers: cors, body: 'Not Found' }
  const { kind, id, revision, path } = address
  const json = { ...cors, 'content-type': 'application/json; charset=utf-8' }
  const text = { ...cors, 'content-type': 'text/plain; charset=utf-8' }
  const refusal = (status: number, code: string | null, message: string): Answer => {
    const said = { 'x-error-message': message, ...(code && { 'x-error-code': code }) }
    return kind === 'listing'
      ? { status, headers: { ...json, ...said }, body: JSON.stringify({ error: message }) }
      : { status, headers: { ...text, ...said }, body: message }
  }

  const renamed = models.find(({ formerId }) => formerId === id)
  if (renamed) {
    return { status: 307, headers: { ...cors, location: url.pathname.replace(id, renamed.id) + url.search } }
  }
  const model = models.find((item) => item.id === id)
  if (authorization && !known) return refusal(401, null, 'Invalid credentials in Authorization header')
  if (!model || (model.private && !known)) return refusal(401, null, 'Invalid username or password.')
  if (![model.commit, 'main', ...(model.revisions ?? [])].includes(revision)) {
    return refusal(404, 'RevisionNotFound', `Invalid rev id: ${revision}`)
  }
  if (kind === 'listing') {
    return { status: 200, headers: json, body: listingOf(model, url.searchParams.get('blobs') === 'true') }
  }
  if (model.gated && !known) {
    return refusal(401, 'GatedRepo', `Access to model ${id} is restricted. Please log in.`)
  }
  const commit = { 'x-repo-commit': model.commit }
  const file = model.stored.find((item) => item.path === path)
  if (!file) {
    const said = { 'x-error-code': 'EntryNotFound', 'x-error-message': 'Entry not found' }
    return { status: 404, headers: { ...text, ...commit, ...said }, body: 'Entry not found' }
  }
  const etag = `"${file.large ? file.sha256 : file.blobSha1}"`
  if (kind === 'small file') return { file, headers: { ...text, ...commit, etag } }
  const linked = { ...cors, ...commit, 'x-linked-etag': etag, 'accept-ranges': 'bytes' }
  if (!file.large) {
    const cached = `/api/resolve-cache/models/${id}/${model.commit}/${encodeURI(path)}`
    const location = `${cached}?etag=${encodeURIComponent(etag)}`
    return { status: 307, headers: { ...linked, location }, body: 'Temporary Redirect' }
  }
  const size = { 'x-linked-size': String(file.blob.size), 'cache-control': 'no-store' }
  const location = `${storage}/xet-bridge/${file.sha256}?X-Xet-Cas-Uid=public&Expires=3600&Signature=s`
  return { status: 302, headers: { ...linked, ...size, location }, body: 'Found. Redirecting' }
}

/** Returns the answer of the storage of large files: it serves only signed addresses, and refuses every preflight. */
export function answerOfStorage(models: readonly StoredModel[], { method, url }: Question): Answer {
  if (method === 'OPTIONS' || !url.searchParams.has('Signature')) return { status: 403, headers: {} }
  const file = storedFileAt(models, url)
  if (!file) return { status: 404, headers: corsOfStorage }
  // The storage's own hash of the file, not its sha256.
  const etag = `"${createHash('sha256').update(file.sha256).digest('hex')}"`
  return { file, headers: { ...corsOfStorage, etag, 'content-type': 'application/octet-stream' } }
}

export function storedFileAt(models: readonly StoredModel[], url: URL): StoredFile | undefined {
  const sha256 = url.pathname.split('/').at(-1)
  return models.flatMap((model) => model.stored).find((file) => file.sha256 === sha256)
}
