import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { layerwiseDistances } from '../core/measures/measurement'
import { familyFile } from '../engine/familyFixture'
import { readReference } from '../engine/referenceFixture'
import { openModel } from './browser'

// Node's fetch knows no file: in its place the same module is read from disk.
vi.mock('../engine/tokenizer/webTokenizers', async () => {
  const { nodeTokenizers } = await import('../engine/tokenizer/nodeTokenizers')
  return { webTokenizers: nodeTokenizers }
})

const FOLDER = 'tiny-bert'
const bytesOf = (name: string) => new Uint8Array(readFileSync(familyFile(FOLDER, name)))
const SMALL = { 'config.json': bytesOf('config.json'), 'tokenizer.json': bytesOf('tokenizer.json') }
const WEIGHTS = bytesOf('model.safetensors')

/** Splits the tensors of a safetensors file into two files of the same format. */
function halves(bytes: Uint8Array): readonly [readonly string[], Uint8Array][] {
  const start = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const header: Record<string, { data_offsets: [number, number] }> = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, start)),
  )
  const names = Object.keys(header).filter((name) => name !== '__metadata__')
  return [names.slice(0, 20), names.slice(20)].map((part) => {
    let at = 0
    const entries = part.map((name) => {
      const [from, to] = header[name].data_offsets
      const entry = { ...header[name], data_offsets: [at, at + to - from] }
      at += to - from
      return [name, entry] as const
    })
    const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)))
    const length = new Uint8Array(new BigUint64Array([BigInt(json.length)]).buffer)
    const data = part.map((name) =>
      bytes.subarray(start + header[name].data_offsets[0], start + header[name].data_offsets[1]),
    )
    return [part, new Uint8Array(Buffer.concat([length, json, ...data]))] as const
  })
}

const [[firstNames, first], [secondNames, second]] = halves(WEIGHTS)
const INDEX = JSON.stringify({
  metadata: { total_size: 1 },
  weight_map: Object.fromEntries([
    ...firstNames.map((name) => [name, 'part-a.safetensors']),
    ...secondNames.map((name) => [name, 'part-b.safetensors']),
  ]),
})

const FILES: Readonly<Record<string, Uint8Array>> = Object.fromEntries(
  Object.entries({
    whole: { ...SMALL, 'model.safetensors': WEIGHTS },
    shards: {
      ...SMALL,
      'model.safetensors.index.json': new TextEncoder().encode(INDEX),
      'part-a.safetensors': first,
      'part-b.safetensors': second,
    },
  }).flatMap(([folder, files]) =>
    Object.entries(files).map(([name, bytes]) => [`/${folder}/${name}`, bytes]),
  ),
)

let server: Server
let page: string
beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const bytes = FILES[url]
    response.writeHead(bytes ? 200 : 404, { 'content-length': bytes?.length ?? 0 })
    response.end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`
  vi.stubGlobal('location', { href: page })
})
afterAll(() => {
  vi.unstubAllGlobals()
  server.close()
  server.closeAllConnections()
})

const runtimeUrl = new URL('../../node_modules/onnxruntime-web/dist/', import.meta.url).href

describe('openModel in a browser', () => {
  it.each(['whole', 'shards/'])('opens the folder %s, and measures what PyTorch measures', async (folder) => {
    const model = await openModel(`/${folder}`, { runtimeUrl })
    expect(model.info.id).toBe(folder.replace('/', ''))
    const [{ inputIds, measurements }] = readReference(`fixtures/${FOLDER}/reference.json`).cases
    const [{ substitutions, distances }] = measurements
    for (const { layer, distance } of layerwiseDistances(await model.measure({ inputIds, substitutions }))) {
      expect(Math.abs(distance - distances[layer]) / Math.max(distances[layer], 0.01)).toBeLessThan(1e-4)
    }
    await model.release()
  })

  it('says what a folder lacks', async () => {
    await expect(openModel('/nowhere', { runtimeUrl })).rejects.toMatchObject({
      failure: { kind: 'missing-file', message: expect.stringMatching(/nowhere\/ has no config\.json/) },
    })
  })
})
