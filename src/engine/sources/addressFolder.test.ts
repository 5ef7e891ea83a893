import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import type { LoadProgress } from '../../core/explorer'
import { failureOf } from '../../core/failure'
import { layerwiseDistances } from '../../core/measures/measurement'
import { foreignBytes } from '../../onnx/foreign/foreignFixture'
import { type FamilyFixture, familyFile, readFamilyJson } from '../familyFixture'
import { createNodeRuntime } from '../forward/nodeRuntime'
import { openModel } from '../openedModel'
import { fetchAddressModel, planAddress } from './addressFolder'

const FOLDER = 'tiny-albert'
const MINE = { kind: 'url', url: 'models/mine' } as const
const bytesOf = (name: string) => readFileSync(familyFile(FOLDER, name))
const SMALL = { 'config.json': bytesOf('config.json'), 'tokenizer.json': bytesOf('tokenizer.json') }
const FILES: Files = {
  ...SMALL,
  'tokenizer_config.json': bytesOf('tokenizer_config.json'),
  'model.safetensors': bytesOf('model.safetensors'),
}

type Files = Readonly<Record<string, Uint8Array>>
type Manner = (request: IncomingMessage, response: ServerResponse, bytes: Uint8Array) => void

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** Sends whole files with their lengths, and ranges, as every static host does. */
const usual: Manner = ({ method, headers: { range } }, response, bytes) => {
  const one = range === 'bytes=0-0'
  const part = one ? bytes.subarray(0, 1) : bytes
  response.writeHead(one ? 206 : 200, {
    'content-length': part.length,
    ...(one && { 'content-range': `bytes 0-0/${bytes.length}` }),
  })
  response.end(method === 'HEAD' ? undefined : part)
}

/** Starts a host with a model at /models/mine/. */
async function host(files: Files, manner: Manner = usual) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const { method, url = '', headers } = request
    requests.push([method, url, headers.range].filter(Boolean).join(' '))
    const bytes = url.startsWith('/models/mine/') ? files[url.slice('/models/mine/'.length)] : undefined
    if (bytes) manner(request, response, bytes)
    else response.writeHead(404).end()
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const page = `http://127.0.0.1:${port}/`
  const plan = (url = 'models/mine') => planAddress({ kind: 'url', url }, page)
  return { page, requests, plan }
}

const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => failureOf(thrown),
  )

const sizes = Object.entries(FILES).map(([path, { length }]) => ({ path, bytes: length }))

it('is planned with the sizes that its host tells, and nothing but config.json is fetched', async () => {
  const { page, plan, requests } = await host(FILES)
  expect(await plan()).toEqual({
    source: { kind: 'url', url: `${page}models/mine/` },
    commit: null,
    files: sizes,
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    keptBytes: 0,
    format: 'safetensors',
    family: 'albert',
    offline: false,
  })
  expect(requests.filter((request) => !request.startsWith('HEAD'))).toEqual(['GET /models/mine/config.json'])
})

it.each<[string, Manner]>([
  [
    'HEAD is refused',
    (request, response, bytes) =>
      request.method === 'HEAD' ? response.writeHead(405).end() : usual(request, response, bytes),
  ],
  [
    'files are packed',
    (request, response, bytes) => {
      if (request.headers.range) return usual(request, response, bytes)
      const packed = gzipSync(bytes)
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length })
      response.end(request.method === 'HEAD' ? undefined : packed)
    },
  ],
])('by the first byte of each file where %s', async (_, manner) => {
  const { plan, requests } = await host(FILES, manner)
  expect((await plan()).files).toEqual(sizes)
  expect(requests).toContain('GET /models/mine/model.safetensors bytes=0-0')
  expect(requests).not.toContain('GET /models/mine/model.safetensors')
})

it('without sizes that no answer tells, and opens all the same', async () => {
  const { page, plan } = await host(FILES, (request, response, bytes) => {
    response.writeHead(200)
    if (request.method === 'HEAD') response.end()
    else response.write(bytes, () => response.end())
  })
  const { files, bytes } = await plan()
  expect(files.slice(1).map((file) => file.bytes)).toEqual([null, null, null])
  expect(bytes).toBe(FILES['config.json'].length)
  const seen: LoadProgress[] = []
  await fetchAddressModel(MINE, { page, onProgress: (progress) => seen.push(progress) })
  const all = sizes.reduce((sum, file) => sum + file.bytes, 0)
  expect(seen.at(-1)).toEqual({ stage: 'files', loadedBytes: all, totalBytes: 0 })
})

it("opens, shows its progress, and gives transformers' numbers", async () => {
  const { page } = await host(FILES)
  const seen: LoadProgress[] = []
  const files = await fetchAddressModel(MINE, { page, onProgress: (step) => seen.push(step) })
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  expect(seen.at(-1)).toEqual({ stage: 'files', loadedBytes: all, totalBytes: all })
  const model = await openModel(createNodeRuntime(1), files)
  const { model: fixture, cases } = readFamilyJson<FamilyFixture>(FOLDER, 'reference.json')
  expect(model.info).toMatchObject({
    id: `${page}models/mine/`,
    provenance: { sha256: fixture.sha256, file: 'model.safetensors' },
  })
  const [{ inputIds, substitution }] = cases
  const { position, tokenId, distances } = substitution
  const measurement = await model.measure({ inputIds, substitutions: [{ position, tokenId }] })
  for (const [layer, { distance }] of layerwiseDistances(measurement).entries()) {
    expect(Math.abs(distance / distances[layer] - 1), `D_${layer}`).toBeLessThan(1e-4)
  }
  await model.release()
})

it('of a family that is not read is planned by its ONNX file and that file’s data', async () => {
  const { plan } = await host({
    ...FILES,
    'config.json': new TextEncoder().encode('{"model_type": "stranger"}'),
    'onnx/model.onnx': foreignBytes('bert.legacy-11.onnx'),
    'onnx/model.onnx_data': new Uint8Array(3000),
  })
  const { format, family, files } = await plan()
  expect([format, family]).toEqual(['onnx', 'stranger'])
  expect(files.slice(3).map(({ path }) => path)).toEqual(['onnx/model.onnx', 'onnx/model.onnx_data'])
})

it.each<[string, Files, RegExp]>([
  ['no config.json', { 'tokenizer.json': FILES['tokenizer.json'] }, /mine\/ has no config\.json/],
  ['no tokenizer', { 'config.json': FILES['config.json'] }, /mine\/ has no tokenizer\.json/],
  ['no weights', SMALL, /none of model\.safetensors, pytorch_model\.bin/],
])('with %s is refused before it is fetched', async (_, files, message) => {
  const { plan } = await host(files)
  const failure = await reasonOf(plan())
  expect(failure?.kind).toBe('missing-file')
  expect(failure?.message).toMatch(message)
})

it('says what the host answered, and takes no start page for a file', async () => {
  const shut = await host(FILES, (_, response) => response.writeHead(503).end())
  expect(await reasonOf(shut.plan())).toMatchObject({
    kind: 'network',
    message: expect.stringMatching(/^127\.0\.0\.1:\d+ does not give out .*config\.json: it answered 503\.$/),
  })
  const start = await host(FILES, (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>'),
  )
  expect(await reasonOf(start.plan())).toMatchObject({ kind: 'missing-file' })
})

const IS_WEIGHTS = /model\.safetensors$/

/** Returns a host's manner that cuts the weights off after some bytes of each answer. @param headers of each answer */
const cutting = (
  bytesAtOnce: number,
  headers: (answer: number) => Readonly<Record<string, string>>,
  ranges = true,
): Manner => {
  let answers = 0
  return (request, response, bytes) => {
    const isPart = /^bytes=\d+-\d+$/.test(request.headers.range ?? '')
    if (request.method === 'HEAD' || isPart || !IS_WEIGHTS.test(request.url ?? ''))
      return usual(request, response, bytes)
    const asked = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const from = ranges ? asked : 0
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': bytes.length - from,
      ...(from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
      ...headers(answers++),
    })
    const rest = bytes.subarray(from, from + bytesAtOnce)
    if (from + rest.length === bytes.length) response.end(rest)
    else response.write(rest, () => response.socket?.end())
  }
}

const THIRD = Math.ceil(FILES['model.safetensors'].length / 3)
const unhurried = () => {
  const waits: number[] = []
  return { waits, wait: async (milliseconds: number) => void waits.push(milliseconds) }
}
const weightsRequests = (requests: readonly string[]) =>
  requests.filter((request) => request.startsWith('GET') && request.includes('model.safetensors'))

it('goes on where a file was cut off, as often as something comes', async () => {
  const { page, requests } = await host(
    FILES,
    cutting(THIRD, () => ({ etag: '"a"' })),
  )
  const { wait, waits } = unhurried()
  const seen: LoadProgress[] = []
  const { weights } = await fetchAddressModel(MINE, { page, wait, onProgress: (step) => seen.push(step) })
  expect(
    weights instanceof Blob && Buffer.from(await weights.arrayBuffer()).equals(FILES['model.safetensors']),
  ).toBe(true)
  expect(weightsRequests(requests).slice(-3)).toEqual([
    'GET /models/mine/model.safetensors',
    `GET /models/mine/model.safetensors bytes=${THIRD}-`,
    `GET /models/mine/model.safetensors bytes=${2 * THIRD}-`,
  ])
  expect(waits).toEqual([1000, 1000])
  expect(seen.at(-1)?.loadedBytes).toBe(seen.at(-1)?.totalBytes)
})

it('begins again where the host has another file meanwhile: parts of two are never put together', async () => {
  const etags = ['"a"', '"b"', '"b"', '"b"', '"b"', '"b"']
  const { page, requests } = await host(
    FILES,
    cutting(THIRD, (answer) => ({ etag: etags[answer] })),
  )
  const { weights } = await fetchAddressModel(MINE, { page, ...unhurried() })
  expect(weights instanceof Blob && weights.size).toBe(FILES['model.safetensors'].length)
  expect(weightsRequests(requests).filter((request) => !request.includes('bytes='))).toHaveLength(2)
})

it.each<[string, Manner]>([
  ['gives its files no version', cutting(1000, () => ({}))],
  ['knows no ranges', cutting(1000, () => ({ etag: '"a"' }), false)],
])('says where a file was cut off again and again by a host that %s', async (_, manner) => {
  const { page } = await host(FILES, manner)
  const { wait, waits } = unhurried()
  expect(await reasonOf(fetchAddressModel(MINE, { page, wait }))).toMatchObject({
    kind: 'network',
    message: 'model.safetensors was cut off after 1.0 kB.',
  })
  expect(waits).toEqual([1000, 2000])
})

it('asks again for a file where the host fails in passing', async () => {
  let failures = 2
  const { page } = await host(FILES, (request, response, bytes) => {
    if (request.method !== 'HEAD' && IS_WEIGHTS.test(request.url ?? '') && failures-- > 0) {
      response.writeHead(503).end()
      return
    }
    usual(request, response, bytes)
  })
  const { weights } = await fetchAddressModel(MINE, { page, ...unhurried() })
  expect(weights instanceof Blob && weights.size).toBe(FILES['model.safetensors'].length)
})

it('on another host is refused with the reason and what to do, and nobody is asked', async () => {
  const { plan, requests } = await host(FILES)
  const failure = await reasonOf(plan('https://elsewhere.example/mine/'))
  expect(failure?.kind).toBe('invalid-request')
  expect(failure?.message).toMatch(/elsewhere\.example.*Content-Security-Policy/)
  expect(failure?.advice).toMatch(/drop the folder/)
  expect(requests).toEqual([])
})
