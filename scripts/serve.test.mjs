import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compressFolder } from './compress.mjs'
import { serve } from './serve.mjs'

const WASM = 'abcd'.repeat(1000)

const ROOT_FILES = {
  'dist/index.html': '<!doctype html><title>root</title>',
  'dist/assets/index-BXzb7tRh.js': 'export const a = 1',
  'dist/runtime/a.mjs': 'export const b = 1',
  'dist/runtime/a.wasm': WASM,
  'dist/models/config.json': '{"from":"root"}',
  'dist/models/model.safetensors': 'weights of the root',
  'dist-secret/file.txt': 'secret',
  'overlay/models/config.json': '{"from":"overlay"}',
}

const folder = mkdtempSync(join(tmpdir(), 'ripplescope-serve-'))
/** @type {Awaited<ReturnType<typeof serve>>} */
let site

/**
 * Sends a request exactly as written, since `fetch` decodes, adds headers and tidies paths.
 *
 * @param {string} path
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{ status: number | undefined, headers: import('node:http').IncomingHttpHeaders, body: Buffer }>}
 */
function get(path, headers = {}) {
  const { hostname, port } = new URL(site.url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      /** @type {Buffer[]} */
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
      .on('error', reject)
      .end()
  })
}

beforeAll(async () => {
  for (const [path, contents] of Object.entries(ROOT_FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), contents)
  }
  await compressFolder(join(folder, 'dist'))
  site = await serve({ root: join(folder, 'dist'), overlay: join(folder, 'overlay') })
})

afterAll(async () => {
  await site.close()
  rmSync(folder, { recursive: true })
})

describe('serve', () => {
  it.each(['/', '/runtime/a.mjs', '/models/config.json', '/nowhere'])('isolates %s', async (path) => {
    expect((await get(path)).headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
    })
  })

  it.each([
    ['/', 'text/html;charset=utf-8'],
    ['/runtime/a.mjs', 'text/javascript'],
    ['/runtime/a.wasm', 'application/wasm'],
    ['/models/config.json', 'application/json'],
    ['/models/model.safetensors', 'application/octet-stream'],
  ])('names the type of %s', async (path, type) => {
    expect((await get(path)).headers['content-type']).toBe(type)
  })

  it('lets only hashed names be kept without asking', async () => {
    const cacheControl = async (/** @type {string} */ path) => (await get(path)).headers['cache-control']
    expect(await cacheControl('/assets/index-BXzb7tRh.js')).toContain('immutable')
    expect(await cacheControl('/')).toBe('no-cache')
    expect(await cacheControl('/runtime/a.wasm')).toBe('no-cache')
  })

  it('answers 304 where the copy is still good', async () => {
    const { headers } = await get('/runtime/a.mjs')
    expect((await get('/runtime/a.mjs', { 'if-none-match': String(headers.etag) })).status).toBe(304)
  })

  it('sends the compressed copy to those who take it, with the type of the file', async () => {
    const br = await get('/runtime/a.wasm', { 'accept-encoding': 'gzip, deflate, br' })
    expect(br.headers).toMatchObject({ 'content-encoding': 'br', 'content-type': 'application/wasm' })
    expect(brotliDecompressSync(br.body).toString()).toBe(WASM)
    const gz = await get('/runtime/a.wasm', { 'accept-encoding': 'gzip' })
    expect(gunzipSync(gz.body).toString()).toBe(WASM)
    expect((await get('/runtime/a.wasm')).body.toString()).toBe(WASM)
  })

  it('counts a range in bytes of the file, whatever the client takes', async () => {
    const { status, headers, body } = await get('/runtime/a.wasm', {
      range: 'bytes=1-4',
      'accept-encoding': 'br',
    })
    expect(status).toBe(206)
    expect(headers['content-range']).toBe(`bytes 1-4/${WASM.length}`)
    expect(body.toString()).toBe('bcda')
  })

  it("puts the overlay's files in the place of the root's", async () => {
    expect((await get('/models/config.json')).body.toString()).toBe('{"from":"overlay"}')
    expect((await get('/models/model.safetensors')).body.toString()).toBe('weights of the root')
  })

  it.each([
    '/nowhere',
    '/../dist-secret/file.txt',
    '/%2e%2e/dist-secret/file.txt',
    '/..%2fdist-secret/file.txt',
  ])('has nothing at %s', async (path) => {
    expect((await get(path)).status).toBe(404)
  })

  it('rejects where the port is taken', async () => {
    const port = Number(new URL(site.url).port)
    await expect(serve({ root: folder, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
