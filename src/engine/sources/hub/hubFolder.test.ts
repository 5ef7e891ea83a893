import { createHash, randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LoadProgress } from '../../../core/explorer'
import { type Failure, failureOf } from '../../../core/failure'
import { CachesFixture } from '../cachesFixture'
import { readFolder } from '../readFolder'
import { deleteSavedModel, listSavedModels, PART_BYTES } from '../savedFiles'
import { TOKEN } from './hubAnswersFixture'
import { type HubFolder, openHubFolder } from './hubFolder'
import { type FetchHubOptions, planHubModel } from './hubModel'
import { parseHubName } from './hubName'
import { type HubServer, type Mishaps, type ServedModel, startHubServer } from './hubServerFixture'

const MEGABYTE = 1e6
/** Three parts, the last one short. */
const WEIGHTS = randomBytes(40 * MEGABYTE)
const SMALL = {
  'config.json': '{"model_type": "bert"}',
  'tokenizer.json': '{"model": {"type": "WordPiece"}}',
  'tokenizer_config.json': '{"mask_token": "[MASK]"}',
  'special_tokens_map.json': '{"mask_token": "[OTHER]", "cls_token": "[CLS]"}',
  'README.md': 'text',
}
const TINY = { ...SMALL, 'model.safetensors': randomBytes(5000) }
const MODELS: Record<string, ServedModel> = {
  'owner/large': { files: { ...SMALL, 'model.safetensors': WEIGHTS }, revisions: ['v1', 'refs/pr/1'] },
  'owner/tiny': { files: TINY, formerId: 'tiny' },
  'owner/gated': { files: TINY, gated: 'auto' },
  'owner/private': { files: TINY, private: true },
  'owner/disabled': { files: TINY, disabled: true },
  'owner/unhashed': { files: TINY, unhashed: true },
}

let caches: CachesFixture
let server: HubServer
let waits: number[]

beforeEach(() => {
  caches = new CachesFixture()
  vi.stubGlobal('caches', caches)
  waits = []
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await server.close()
})

const start = async (mishaps?: Mishaps, models = MODELS) => {
  server = await startHubServer(models, mishaps)
}
const optionsOf = (more: FetchHubOptions = {}): FetchHubOptions => ({
  base: server.base,
  wait: async (milliseconds) => void waits.push(milliseconds),
  ...more,
})
const open = (typed: string, more?: FetchHubOptions) => openHubFolder(parseHubName(typed), optionsOf(more))
/** Reads the folder without checking the contents: they are random bytes. */
const read = async (folder: HubFolder, { onProgress }: FetchHubOptions = {}) => ({
  ...(await readFolder(folder, { onProgress })),
  folder,
})
const load = async (typed: string, more?: FetchHubOptions) => read(await open(typed, more), more)
const failing = async (work: Promise<unknown>): Promise<Failure> =>
  failureOf(
    await work.then(
      () => new Error('nothing failed'),
      (thrown: unknown) => thrown,
    ),
  )
/** Hashes bytes, since comparing element by element would take minutes. */
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const WHOLE = hashOf(WEIGHTS)
const arrived = async ({ weights }: Awaited<ReturnType<typeof load>>) =>
  hashOf(new Uint8Array(await weights.arrayBuffer()))
const storageRequests = () => server.requests.filter(({ host }) => host === 'storage')

describe('a model of the hub', () => {
  it('is planned before anything of it is fetched', async () => {
    await start()
    const folder = await open('owner/large')
    expect(folder).toMatchObject({ id: 'owner/large', revision: 'main', offline: false })
    expect(server.requests).toHaveLength(1)
    const found = await planHubModel({ kind: 'hub', ...parseHubName('owner/large') }, optionsOf())
    const small = [
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'special_tokens_map.json',
    ] as const
    expect(found).toMatchObject({
      source: { kind: 'hub', id: 'owner/large', revision: 'main' },
      commit: server.commitOf('owner/large'),
      bytes: WEIGHTS.length + small.reduce((sum, name) => sum + SMALL[name].length, 0),
      offline: false,
      format: 'safetensors',
    })
    expect(found.files.at(-1)).toEqual({ path: 'model.safetensors', bytes: WEIGHTS.length })
    expect(found.files.map(({ path }) => path)).toEqual([...small, 'model.safetensors'])
    expect(server.requests.filter(({ path }) => !/config\.json|\/api\/models\//.test(path))).toEqual([])
  })

  it('arrives whole, with its progress, and is not fetched twice', async () => {
    await start()
    const progress: LoadProgress[] = []
    const files = await load('owner/large', { onProgress: (report) => progress.push(report) })
    expect(await arrived(files)).toBe(WHOLE)
    expect(files).toMatchObject({
      id: 'owner/large',
      config: { model_type: 'bert' },
      tokenizer: { model: { type: 'WordPiece' } },
      tokenizerConfig: { mask_token: '[MASK]' },
      specialTokens: { mask_token: '[OTHER]', cls_token: '[CLS]' },
    })
    expect(files.folder.notSaved).toBeNull()
    expect(files.sha256).toBe(WHOLE)
    const loaded = progress.map(({ loadedBytes }) => loadedBytes)
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b))
    expect(loaded.length).toBeGreaterThan(20)
    const { totalBytes } = progress[0]
    expect(progress.at(-1)).toEqual({ stage: 'files', loadedBytes: totalBytes, totalBytes })

    server.requests.length = 0
    expect(await arrived(await load('owner/large'))).toBe(WHOLE)
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/models/owner/large/revision/main'])
  })

  it('goes on where a connection broke', async () => {
    await start(({ host }, count) => (host === 'storage' && count <= 2 ? { cutAfter: 15 * MEGABYTE } : null))
    expect(await arrived(await load('owner/large'))).toBe(WHOLE)
    // A connection may lose the last of what it carried.
    const starts = storageRequests().map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0]))
    expect(starts).toHaveLength(3)
    expect(starts[1]).toBeGreaterThan(10 * MEGABYTE)
    expect(starts[1]).toBeLessThanOrEqual(15 * MEGABYTE)
    expect(starts[2]).toBeGreaterThan(starts[1])
    expect(starts[2]).toBeLessThanOrEqual(30 * MEGABYTE)
    expect(waits).toEqual([1000, 1000])
  })

  it('goes on after a reload where it was cut off at half', async () => {
    const half = WEIGHTS.length / 2
    await start(({ host }, count) => (host === 'storage' && count === 1 ? { stallAfter: half } : null))
    const closed = new AbortController()
    const onProgress = ({ loadedBytes }: LoadProgress) => {
      if (loadedBytes >= half) closed.abort()
    }
    const cut = await failing(load('owner/large', { onProgress, signal: closed.signal }))
    expect(cut.kind).toBe('cancelled')
    const kept = (await listSavedModels(server.base))[0].files.find(
      ({ path }) => path === 'model.safetensors',
    )
    expect(kept).toEqual({
      path: 'model.safetensors',
      bytes: PART_BYTES,
      totalBytes: WEIGHTS.length,
      complete: false,
    })

    const progress: LoadProgress[] = []
    const files = await load('owner/large', { onProgress: (report) => progress.push(report) })
    expect(await arrived(files)).toBe(WHOLE)
    expect(storageRequests().at(-1)?.range).toBe(`bytes=${PART_BYTES}-`)
    expect(progress.find(({ loadedBytes }) => loadedBytes >= PART_BYTES)?.loadedBytes).toBeLessThan(half)
    expect((await listSavedModels(server.base))[0].files[0]).toMatchObject({ complete: true })
  })

  it('takes a whole file where a part was asked for', async () => {
    await start(({ host }, count) => {
      if (host !== 'storage') return null
      return count === 1 ? { cutAfter: 20 * MEGABYTE } : { ignoreRange: true }
    })
    expect(await arrived(await load('owner/large'))).toBe(WHOLE)
    expect(storageRequests()).toHaveLength(2)
  })

  it('does not believe bytes that are wrong, and keeps none of them', async () => {
    let wrong = true
    await start(({ host }) => (host === 'storage' && wrong ? { corrupt: true } : null))
    const failure = await failing(load('owner/large'))
    expect(failure.kind).toBe('damaged-file')
    expect(failure.message).toMatch(/model\.safetensors did not arrive as the hub has it/)
    expect(caches.bytes).toBeLessThan(10_000)
    wrong = false
    expect(await arrived(await load('owner/large'))).toBe(WHOLE)
  })

  it('does not believe a small file that is wrong', async () => {
    await start(({ path }) => (/resolve-cache.*config\.json/.test(path) ? { corrupt: true } : null))
    expect((await failing(load('owner/tiny'))).message).toMatch(/config\.json did not arrive/)
  })

  it('of whose files the hub states no hash opens, but none of it is kept as if it had been checked', async () => {
    await start()
    const first = await load('owner/unhashed')
    expect(await arrived(first)).toBe(hashOf(TINY['model.safetensors']))
    expect(first.folder.notSaved).toMatchObject({ message: expect.stringMatching(/states no hash/) })
    expect(await listSavedModels(server.base)).toEqual([])
    server.requests.length = 0
    await load('owner/unhashed')
    expect(storageRequests()).toHaveLength(1)
  })

  it('is fetched again only as far as a new commit changed it', async () => {
    await start()
    await load('owner/large')
    await server.close()
    const files = { ...SMALL, 'README.md': 'more', 'model.safetensors': WEIGHTS }
    const formerBase = server.base
    server = await startHubServer({ 'owner/large': { files } })
    // The same address, for the cache: a port cannot be had twice for certain.
    const redirected: typeof fetch = (input, init) =>
      fetch(String(input).replace(formerBase, server.base), init)
    const found = await load('owner/large', { base: formerBase, fetch: redirected })
    expect(found.folder.commit).toBe(server.commitOf('owner/large'))
    expect(server.requests).toHaveLength(1)
    expect(await arrived(found)).toBe(WHOLE)
  })

  it('opens without a network once it is kept', async () => {
    await start()
    await load('owner/tiny')
    const offline: typeof fetch = () => Promise.reject(new TypeError('Failed to fetch'))
    const found = await open('owner/tiny', { fetch: offline })
    expect(found).toMatchObject({ id: 'owner/tiny', offline: true })
    expect(waits).toEqual([])
    expect(await arrived(await read(found))).toBe(hashOf(TINY['model.safetensors']))
    const gone = await failing(open('owner/large', { fetch: offline }))
    expect(gone).toMatchObject({ kind: 'network', message: expect.stringMatching(/the hub did not answer/) })
    expect(waits).toEqual([1000, 2000, 4000, 8000])
  })

  it('is not asked about again at a commit', async () => {
    await start()
    await load(`owner/tiny@${server.commitOf('owner/tiny')}`)
    server.requests.length = 0
    await load(`owner/tiny@${server.commitOf('owner/tiny')}`)
    expect(server.requests).toEqual([])
  })

  it('is found under its former name, and at other revisions', async () => {
    await start()
    expect((await load('tiny')).folder.id).toBe('owner/tiny')
    expect((await open('owner/large@refs/pr/1')).revision).toBe('refs/pr/1')
    expect((await open('owner/large@v1')).commit).toBe(server.commitOf('owner/large'))
  })

  it('opens where the browser has no room for it, and says so', async () => {
    caches.quota = PART_BYTES + 5000
    await start()
    const files = await load('owner/large')
    expect(await arrived(files)).toBe(WHOLE)
    expect(files.folder.notSaved).toMatchObject({
      kind: 'storage',
      message: expect.stringMatching(/no room/),
    })
    expect(caches.bytes).toBeLessThanOrEqual(caches.quota)
  })

  it('opens where there is no cache at all', async () => {
    vi.stubGlobal('caches', undefined)
    await start()
    expect(await arrived(await load('owner/large'))).toBe(WHOLE)
    expect(await listSavedModels(server.base)).toEqual([])
  })

  it('is listed under the revisions whose files are kept, not under one that was only looked up', async () => {
    await start(undefined, { 'owner/tiny': { ...MODELS['owner/tiny'], revisions: ['v1', 'refs/pr/1'] } })
    await planHubModel({ kind: 'hub', ...parseHubName('owner/tiny') }, optionsOf())
    expect((await listSavedModels(server.base))[0].revisions).toEqual([])
    await load('owner/tiny@v1')
    await load('owner/tiny@refs/pr/1')
    const [tiny] = await listSavedModels(server.base)
    // Here all three are one commit.
    expect(tiny.revisions.toSorted()).toEqual(['main', 'refs/pr/1', 'v1'])
    server.requests.length = 0
    await load('owner/tiny@refs/pr/1')
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/models/owner/tiny/revision/refs%2Fpr%2F1'])
  })

  it('is listed with its size, and deleted alone', async () => {
    await start()
    await load('owner/tiny')
    const tiny = caches.bytes
    await load('owner/large')
    const [large, small] = await listSavedModels(server.base)
    expect([large.id, small.id]).toEqual(['owner/large', 'owner/tiny'])
    expect(large.files.map(({ path, bytes, complete }) => [path, bytes, complete])[0]).toEqual([
      'model.safetensors',
      WEIGHTS.length,
      true,
    ])
    expect(small.files).toHaveLength(5)
    expect(await deleteSavedModel('owner/large', server.base)).toBe(large.bytes)
    expect(caches.bytes).toBe(tiny)
    expect((await listSavedModels(server.base)).map(({ id }) => id)).toEqual(['owner/tiny'])
    server.requests.length = 0
    await load('owner/tiny')
    expect(server.requests).toHaveLength(1)
    await load('owner/large')
    expect(storageRequests()).toHaveLength(1)
  })

  it.each([
    ['owner/gated', 'missing-file', /gated: its owner gives it only/, /Ask for it/],
    ['owner/private', 'missing-file', /no such model, or it is private/, /Check the name/],
    ['owner/nothing', 'missing-file', /no such model, or it is private/, /Check the name/],
    ['owner/disabled', 'missing-file', /has disabled owner\/disabled/, null],
    ['owner/tiny@v9', 'missing-file', /owner\/tiny has no revision “v9”/, /branch, tag or commit/],
  ])('that cannot be had is refused with a sentence: %s', async (typed, kind, message, advice) => {
    await start()
    const failure = await failing(load(typed))
    expect(failure.kind).toBe(kind)
    expect(failure.message).toMatch(message)
    if (advice) expect(failure.advice).toMatch(advice)
    expect(server.requests).toHaveLength(1)
  })

  describe('with a read token', () => {
    const everything = async () => {
      const cache = await caches.open('ripplescope-hub-v1')
      const kept = await Promise.all(
        (await cache.keys()).map(async (key) => `${key.url} ${await (await cache.match(key))?.text()}`),
      )
      return kept.join('\n')
    }

    it.each(['owner/gated', 'owner/private'])(
      'opens %s, and gives the token to the hub alone',
      async (id) => {
        await start(undefined, {
          [id]: { ...MODELS[id], files: { ...SMALL, 'model.safetensors': randomBytes(5000) } },
        })
        const files = await load(id, { token: ` ${TOKEN}\n` })
        expect(files.weights.size).toBe(5000)
        expect(storageRequests().map(({ authorization }) => authorization)).toEqual([null])
        const toHub = server.requests.filter(({ host }) => host === 'hub')
        expect(toHub.length).toBeGreaterThan(5)
        expect(new Set(toHub.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${TOKEN}`]))
        expect(await everything()).not.toContain(TOKEN)
        expect(JSON.stringify([files.folder, await listSavedModels(server.base)])).not.toContain(TOKEN)
        // A saved model opens without it.
        server.requests.length = 0
        const again = await read(await openHubFolder({ ...parseHubName(id), keptOnly: true }, optionsOf()))
        expect(again.sha256).toBe(files.sha256)
        expect(server.requests).toEqual([])
      },
    )

    it.each([
      ['hf_another', 'missing-file', /does not know this token/],
      ['hf_with space', 'invalid-request', /What stands as the token is none/],
      ['hf_\u{1F600}', 'invalid-request', /What stands as the token is none/],
      ['hf_line\nbreak', 'invalid-request', /What stands as the token is none/],
    ])('that is none says so and does not repeat it: %s', async (token, kind, message) => {
      await start()
      const thrown: unknown = await load('owner/gated', { token }).catch((reason: unknown) => reason)
      expect(failureOf(thrown)).toMatchObject({ kind, message: expect.stringMatching(message) })
      expect(inspect(thrown, { depth: 9 })).not.toContain(token.slice(3))
    })

    it('whose account was not let in says what to do', async () => {
      await start(({ path }) =>
        path.includes('/resolve/') ? { status: 403, headers: { 'x-error-code': 'GatedRepo' } } : null,
      )
      expect(await failing(load('owner/gated', { token: TOKEN }))).toMatchObject({
        advice: expect.stringMatching(/account of this token/),
      })
    })

    it('is in no sentence when the network is away', async () => {
      await start()
      const offline: typeof fetch = () => Promise.reject(new TypeError('Failed to fetch'))
      const thrown: unknown = await load('owner/gated', { token: TOKEN, fetch: offline }).catch(
        (reason) => reason,
      )
      expect(inspect(thrown, { depth: 9 })).not.toContain(TOKEN)
    })
  })

  it('says that files became gated meanwhile', async () => {
    const headers = { 'x-error-code': 'GatedRepo' }
    await start(({ path }) => (path.includes('/resolve/') ? { status: 403, headers } : null))
    expect((await failing(load('owner/tiny'))).message).toMatch(/owner\/tiny is gated/)
  })

  it('is asked for again where the hub is busy, and not for ever', async () => {
    await start((_, count) => (count < 3 ? { status: count === 1 ? 503 : 429 } : null))
    expect((await open('owner/tiny')).id).toBe('owner/tiny')
    expect(waits).toEqual([1000, 2000])
    await server.close()
    await start(() => ({ status: 429 }))
    expect(await failing(open('owner/large'))).toMatchObject({ kind: 'network', message: /asks for a pause/ })
    expect(server.requests).toHaveLength(5)
    await server.close()
    await start(() => ({ status: 429, headers: { 'retry-after': '3600' } }))
    expect((await failing(open('owner/large'))).kind).toBe('network')
    expect(server.requests).toHaveLength(1)
  })

  it('says how much is kept when the network stays away', async () => {
    let cut = false
    await start(({ host }) => {
      if (host !== 'storage') return null
      const mishap = cut ? { cutAfter: 0 } : { cutAfter: 20 * MEGABYTE }
      cut = true
      return mishap
    })
    const failure = await failing(load('owner/large'))
    expect(failure).toMatchObject({ kind: 'network', kept: '16.8 of 40.0 MB are kept.' })
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['is no JSON', { body: '<html>' }, /cannot be understood/],
    ['is another', { body: '{"id": "owner/tiny", "siblings": 3}' }, /cannot be understood/],
  ])('is refused where the answer about it %s', async (_, mishap, message) => {
    await start(() => ({ status: 200, ...mishap }))
    expect(await failing(open('owner/tiny'))).toMatchObject({ kind: 'network', message })
  })

  it('is refused where a file is longer than the hub says', async () => {
    const plain = { status: 200, body: 'x'.repeat(9000) }
    await start(({ host }) => (host === 'storage' ? plain : null))
    expect((await failing(load('owner/tiny'))).message).toMatch(/has 9000 bytes on the hub, which says/)
  })

  it('stops when it is told to, at any time', async () => {
    const stop = new AbortController()
    await start(({ host }) => {
      if (host !== 'storage') return null
      setTimeout(() => stop.abort(), 30)
      return { silent: true }
    })
    expect((await failing(load('owner/tiny', { signal: stop.signal }))).kind).toBe('cancelled')
  })
})
