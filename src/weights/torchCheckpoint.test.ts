import { readFileSync } from 'node:fs'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { FailureError } from '../core/failure'
import { type Checkpoint, openCheckpoint, requireTensor } from './checkpoint'
import { openTorchCheckpoint, openTorchShards } from './torchCheckpoint'

const FIXTURES = new URL('../../fixtures/', import.meta.url)
const bytesOf = (path: string) => new Uint8Array(readFileSync(new URL(path, FIXTURES)))
const blobOf = (path: string) => new Blob([bytesOf(path)])
const openFixture = (name: string) => openTorchCheckpoint(name, blobOf(`torch/${name}`))

async function tensorBytes({ files, tensors }: Checkpoint, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const tensor = tensors.get(name)
  const file = files.find((item) => item.name === tensor?.fileName)
  if (!tensor || !file) throw new Error(`there is no ${name}`)
  return new Uint8Array(await file.blob.slice(tensor.offset, tensor.offset + tensor.length).arrayBuffer())
}

const floats = async (checkpoint: Checkpoint, name: string) =>
  Array.from(new Float32Array((await tensorBytes(checkpoint, name)).buffer))

async function refusal(opening: Promise<unknown>): Promise<FailureError> {
  const thrown = await opening.then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(FailureError)
  return thrown as FailureError
}

describe('openTorchCheckpoint', () => {
  it.each([
    ['f32.bin', 'tiny-bert', 25],
    ['f16.bin', 'tiny-bert-f16', 25],
    ['bf16.bin', 'tiny-bert-bf16', 5],
    ['legacy-f32.bin', 'tiny-bert', 5],
  ])('finds the tensors of %s where they lie, equal to those of %s', async (name, folder, count) => {
    const checkpoint = await openFixture(name)
    const expected = await openCheckpoint('model', blobOf(`${folder}/model.safetensors`))
    expect(checkpoint.tensors.size).toBe(count)
    expect(checkpoint.files.map((file) => file.name)).toEqual([name])
    for (const [tensorName, { dtype, shape }] of checkpoint.tensors) {
      expect(expected.tensors.get(tensorName)).toMatchObject({ dtype, shape })
      expect(await tensorBytes(checkpoint, tensorName)).toEqual(await tensorBytes(expected, tensorName))
    }
  })

  it('knows views of one storage', async () => {
    const checkpoint = await openFixture('views.bin')
    const { tensors } = checkpoint
    const whole = await floats(checkpoint, 'whole')
    expect(tensors.get('tied')).toEqual({ ...tensors.get('whole'), name: 'tied' })
    expect(tensors.get('slice')?.shape).toEqual([2, 32])
    expect(await floats(checkpoint, 'slice')).toEqual(whole.slice(3 * 32, 5 * 32))
    const bias = await floats(checkpoint, 'parameter')
    expect(await floats(checkpoint, 'row')).toEqual(bias.map((value) => Math.fround(value + 1)))
    expect(tensors.get('scalar')?.shape).toEqual([])
    expect(await floats(checkpoint, 'scalar')).toEqual([1.5])
    expect(tensors.get('empty')).toMatchObject({ shape: [0, 4], length: 0 })
  })

  it('copies transposed tensors into their own order, and no others', async () => {
    const checkpoint = await openFixture('views.bin')
    const { files, tensors } = checkpoint
    expect(files.map(({ name, blob }) => [name, blob.size])).toEqual([
      ['views.bin', bytesOf('torch/views.bin').length],
      ['views.bin.contiguous', 4 * 32 * 32 + 2 * 24],
    ])
    const whole = await floats(checkpoint, 'whole')
    const transposed = Array.from({ length: 32 * 32 }, (_, i) => whole[32 * (i % 32) + Math.floor(i / 32)])
    expect(await floats(checkpoint, 'transposed')).toEqual(transposed)
    // [2, 3, 4] counted up, as [4, 2, 3]: element [i, j, k] is 12 j + 4 k + i, whose half has its sign and exponent here.
    expect(tensors.get('permuted')).toMatchObject({ dtype: 'F16', shape: [4, 2, 3] })
    const halves = new Uint16Array((await tensorBytes(checkpoint, 'permuted')).buffer)
    const half = (value: number) => {
      const exponent = Math.floor(Math.log2(value))
      return value === 0 ? 0 : ((exponent + 15) << 10) | Math.round((value / 2 ** exponent - 1) * 1024)
    }
    const counted = Array.from(
      { length: 24 },
      (_, n) => 12 * (Math.floor(n / 3) % 2) + 4 * (n % 3) + Math.floor(n / 6),
    )
    expect(Array.from(halves)).toEqual(counted.map(half))
  })

  it('leaves out tensors of element types that no weight has, until one is needed', async () => {
    const checkpoint = await openFixture('views.bin')
    expect([...(checkpoint.unread ?? [])]).toEqual([['position_ids', 'LongStorage']])
    expect(checkpoint.tensors.has('position_ids')).toBe(false)
    expect(checkpoint.tensors.get('counted')?.dtype).toBe('F64')
    expect(() => requireTensor(checkpoint, 'position_ids', [2])).toThrow(
      /position_ids is of type LongStorage/,
    )
  })

  it('finds a state dict one level down', async () => {
    const checkpoint = await openFixture('nested.bin')
    expect([...checkpoint.tensors.keys()]).toEqual(['weight', 'bias'])
    expect(await floats(checkpoint, 'weight')).toEqual([1, 2, 3, 4])
    expect(await floats(checkpoint, 'bias')).toEqual([5, 6])
  })

  it('reads an archive that another program packed, as long as tensors lie in it as they are', async () => {
    expect(await floats(await openFixture('repacked.bin'), 'a')).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('puts shards together, and refuses a tensor that comes twice', async () => {
    const nested = { name: '1.bin', blob: blobOf('torch/nested.bin') }
    const small = { name: '2.bin', blob: blobOf('torch/small.bin') }
    const checkpoint = await openTorchShards([nested, small])
    expect([...checkpoint.tensors.values()].map(({ name, fileName }) => [name, fileName])).toEqual([
      ['weight', '1.bin'],
      ['bias', '1.bin'],
      ['a', '2.bin'],
    ])
    const { failure } = await refusal(openTorchShards([small, { ...small, name: '3.bin' }]))
    expect(failure).toMatchObject({ kind: 'damaged-file', message: 'Tensor a lies in 2.bin and in 3.bin.' })
  })

  it('reads files as torch before 1.6 wrote them, with the same views as new ones', async () => {
    const [older, newer] = await Promise.all([openFixture('legacy-views.bin'), openFixture('views.bin')])
    expect([...older.tensors.keys()]).toEqual([...newer.tensors.keys()])
    expect([...(older.unread ?? [])]).toEqual([...(newer.unread ?? [])])
    for (const [name, { dtype, shape }] of newer.tensors) {
      expect(older.tensors.get(name)).toMatchObject({ dtype, shape })
      expect(await tensorBytes(older, name), name).toEqual(await tensorBytes(newer, name))
    }
    expect(older.tensors.get('tied')).toEqual({ ...older.tensors.get('whole'), name: 'tied' })
    expect(await floats(await openFixture('legacy.bin'), 'a')).toEqual([0, 1, 2, 3, 4, 5])
    const nested = await openFixture('legacy-nested.bin')
    expect(await floats(nested, 'weight')).toEqual([1, 2, 3, 4])
  })

  /** Returns the file of torch before 1.6 that `parts` make, each as Latin-1. */
  const oldFile = (...parts: string[]) => {
    const magic = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.'
    return new Blob([Uint8Array.from(magic + parts.join(''), (character) => character.charCodeAt(0))])
  }
  const PROTOCOL = '\x80\x02M\xe9\x03.'
  const machine = (little: string) => `\x80\x02}X\x0d\0\0\0little_endian${little}s.`
  const LITTLE = machine('\x88')
  /** State dict of `a`, six numbers. @param id what stands behind the device's name */
  const old = (id = 'K\x06N') =>
    `\x80\x02}X\x01\0\0\0actorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpu${id}tQK\0(K\x06t(K\x01t\x89Nt\x52s.`
  const KEYS = '\x80\x02](X\x01\0\0\x000e.'
  const six = `\x06${'\0'.repeat(7)}`
  const numbers = '\0'.repeat(24)

  it('reads what the next test breaks of an old file', async () => {
    const blob = oldFile(PROTOCOL, LITTLE, old(), KEYS, six, numbers)
    expect(await floats(await openTorchCheckpoint('m.bin', blob), 'a')).toEqual([0, 0, 0, 0, 0, 0])
  })

  it.each<[string, string[], RegExp]>([
    ['of another version', ['\x80\x02M\xea\x03.', LITTLE, old(), KEYS, six, numbers], /version 1002/],
    ['of a big-endian machine', [PROTOCOL, machine('\x89'), old(), KEYS, six, numbers], /big-endian/],
    ['of no machine', [PROTOCOL, '\x80\x02}.', old(), KEYS, six, numbers], /on what machine/],
    [
      'whose machine calls os.system',
      [PROTOCOL, '\x80\x02cos\nsystem\n(X\x02\0\0\0lst\x52.', old()],
      /os\.system/,
    ],
    [
      'whose keys call os.system',
      [PROTOCOL, LITTLE, old(), '\x80\x02cos\nsystem\n)\x52.', six, numbers],
      /os\.system/,
    ],
    [
      'whose keys are no list',
      [PROTOCOL, LITTLE, old(), '\x80\x02K\x01.', six, numbers],
      /list its storages/,
    ],
    ['without its key', [PROTOCOL, LITTLE, old(), '\x80\x02].', six, numbers], /no storage 0/],
    [
      'with a key twice',
      [PROTOCOL, LITTLE, old(), KEYS.replace('e.', 'X\x01\0\0\x000e.'), six, numbers, six, numbers],
      /or twice/,
    ],
    [
      'with a key of no tensor',
      [PROTOCOL, LITTLE, old(), KEYS.replace('0e.', '1e.'), six, numbers],
      /no tensor names/,
    ],
    [
      'with another count',
      [PROTOCOL, LITTLE, old(), KEYS, `\x07${'\0'.repeat(7)}`, numbers],
      /7 numbers where it names 6/,
    ],
    ['with a negative count', [PROTOCOL, LITTLE, old(), KEYS, '\xff'.repeat(8), numbers], /-1 numbers/],
    ['that breaks off in its numbers', [PROTOCOL, LITTLE, old(), KEYS, six, numbers.slice(1)], /breaks off/],
    ['that breaks off in a count', [PROTOCOL, LITTLE, old(), KEYS, six.slice(1)], /breaks off/],
    ['that breaks off in a pickle', [PROTOCOL, LITTLE, old().slice(0, 40)], /breaks off/],
    [
      'with more numbers than bytes',
      [PROTOCOL, LITTLE, old('\x8a\x06\0\0\0\0\0\x01N'), KEYS, '\0\0\0\0\0\x01\0\0', numbers],
      /breaks off/,
    ],
    [
      'with views of torch 0.3',
      [PROTOCOL, LITTLE, old('K\x06(X\x01\0\0\x001K\0K\x06t'), KEYS, six, numbers],
      /torch 0\.3/,
    ],
    [
      'with numbers of a type unknown',
      [PROTOCOL, LITTLE, old().replace('FloatStorage', 'QInt32Storage'), KEYS, six, numbers],
      /QInt32Storage/,
    ],
  ])('refuses an old file %s', async (_, parts, message) => {
    const { failure } = await refusal(openTorchCheckpoint('m.bin', oldFile(...parts)))
    expect(failure.kind).toMatch(/^(damaged-file|unsupported-model)$/)
    expect(failure.message).toMatch(message)
  })

  it.each([
    ['calls-system.bin', 'unsupported-model', /asks Python for posix\.system/],
    ['module.bin', 'unsupported-model', /asks Python for torch\.nn\.modules\.linear\.Linear/],
    ['legacy-calls-system.bin', 'unsupported-model', /asks Python for posix\.system/],
    ['compressed.bin', 'unsupported-model', /are compressed/],
    ['list.bin', 'unsupported-model', /no state dict/],
    ['expanded.bin', 'unsupported-model', /Tensor a .* strides \[3,0\]/],
    ['gaps.bin', 'unsupported-model', /Tensor a .* strides \[3,2\]/],
  ])('refuses %s as %s', async (name, kind, message) => {
    const { failure } = await refusal(openFixture(name))
    expect(failure.kind).toBe(kind)
    expect(failure.message).toMatch(message)
  })

  it('refuses a tar archive of torch 0.1 as old', async () => {
    const tar = new Uint8Array(1024)
    tar.set(new TextEncoder().encode('ustar'), 257)
    expect((await refusal(openTorchCheckpoint('tar.bin', new Blob([tar])))).message).toMatch(/torch 0\.1/)
  })

  it.each<[string, Record<string, Uint8Array>, RegExp]>([
    ['no pickle', { 'model/weights': new Uint8Array(3) }, /no data\.pkl/],
    [
      'a TorchScript program',
      { 'm/data.pkl': new Uint8Array(1), 'm/constants.pkl': new Uint8Array(1) },
      /TorchScript/,
    ],
    [
      'big-endian numbers',
      { 'm/data.pkl': new Uint8Array(1), 'm/byteorder': new TextEncoder().encode('big') },
      /big-endian/,
    ],
    ['an empty pickle', { 'm/data.pkl': new Uint8Array(0) }, /breaks off/],
    ['a name that leads outside', { '../data.pkl': new Uint8Array(1) }, /wants to lie outside/],
    ['a pickle of 17 MB', { 'm/data.pkl': new Uint8Array(17 * 2 ** 20) }, /more than 16777216 are not read/],
  ])('refuses an archive with %s', async (_, files, message) => {
    const archive = zipSync(files, { level: 0 })
    expect((await refusal(openTorchCheckpoint('m.bin', new Blob([archive as BlobPart])))).message).toMatch(
      message,
    )
  })

  /** Returns the archive of small.bin with another pickle. */
  const withPickle = (pickle: string) => {
    const bytes = Uint8Array.from(pickle, (character) => character.charCodeAt(0))
    const data = new Uint8Array(24)
    return new Blob([zipSync({ 'm/data.pkl': bytes, 'm/data/0': data }, { level: 0 }) as BlobPart])
  }
  const text = (value: string) => `X${String.fromCharCode(value.length)}\0\0\0${value}`
  const storage = (type: string, key: string, elements: string) =>
    `(${text('storage')}ctorch\n${type}\n${text(key)}${text('cpu')}${elements}tQ`
  const tensor = (stored: string, offset: string, shape: string, stride: string) =>
    `ctorch._utils\n_rebuild_tensor_v2\n(${stored}${offset}(${shape}t(${stride}t\x89Nt\x52`
  const stateDict = (value: string) => `\x80\x02}${text('a')}${value}s.`
  const float6 = storage('FloatStorage', '0', 'K\x06')
  const K = (value: number) => `K${String.fromCharCode(value)}`
  const LARGE = `\x8a\x06${'\0'.repeat(5)}\x01`

  it('reads what the next test breaks', async () => {
    const blob = withPickle(stateDict(tensor(float6, K(0), K(2) + K(3), K(3) + K(1))))
    expect([...(await openTorchCheckpoint('m.bin', blob)).tensors.keys()]).toEqual(['a'])
  })

  it.each<[string, string, RegExp]>([
    ['an offset out of range', stateDict(tensor(float6, K(1), K(2) + K(3), K(3) + K(1))), /outside of its 6/],
    ['a negative offset', stateDict(tensor(float6, 'J\xff\xff\xff\xff', K(1), K(1))), /without a valid/],
    [
      'a shape that overflows',
      stateDict(tensor(float6, K(0), LARGE.repeat(30), K(1).repeat(30))),
      /outside of its/,
    ],
    [
      'one that ends in NaN',
      stateDict(tensor(float6, K(0), LARGE.repeat(30) + K(0), K(1).repeat(31))),
      /outside of/,
    ],
    [
      'fewer strides than dimensions',
      stateDict(tensor(float6, K(0), K(2) + K(3), K(1))),
      /2 dimensions and 1/,
    ],
    ['a shape of texts', stateDict(tensor(float6, K(0), text('2'), K(1))), /without a valid/],
    [
      'a storage of another size',
      stateDict(tensor(storage('FloatStorage', '0', K(5)), K(0), K(5), K(1))),
      /24 bytes/,
    ],
    [
      'a storage that is not there',
      stateDict(tensor(storage('FloatStorage', '7', K(6)), K(0), K(6), K(1))),
      /data\/7/,
    ],
    [
      'a storage outside',
      stateDict(tensor(storage('FloatStorage', '../0', K(6)), K(0), K(6), K(1))),
      /data\/\.\.\/0/,
    ],
    [
      'a storage of no type',
      stateDict(tensor(storage('Tensor', '0', K(6)), K(0), K(6), K(1))),
      /torch\.Tensor/,
    ],
    ['a call of os.system', '\x80\x02cos\nsystem\n(X\x02\0\0\0lst\x52.', /asks Python for os\.system/],
    ['a call by NEWOBJ', '\x80\x02ccollections\nOrderedDict\n)\x81.', /0x81/],
    ['a call by INST', '\x80\x02(ios\nsystem\n.', /0x69/],
    ['an extension', '\x80\x02\x82\x01.', /0x82/],
    ['a call of a text', `\x80\x02${text('os.system')})\x52.`, /calls what is no function/],
    ['a state for a tensor', stateDict(`${tensor(float6, K(0), K(6), K(1))}}b`), /no dict/],
    ['a later protocol', '\x80\x04}.', /protocol 4/],
    ['a text past its end', '\x80\x02X\xff\xff\xff\x7fa.', /breaks off/],
    ['a pop of nothing', '\x80\x02s.', /takes what is not there/],
    ['a memory of nothing', '\x80\x02h\x05.', /recalls/],
    ['marks in marks', `\x80\x02${'('.repeat(1000)}.`, /too deep/],
    ['dicts without end', `\x80\x02${'}'.repeat(1_000_000)}.`, /more objects than tensors/],
    ['instructions without end', `\x80\x02${'N'.repeat(3_000_000)}.`, /longer than one of tensors/],
    ['a dict that is its own key', '\x80\x02}q\0h\0h\0s.', /no state dict/],
    ['no end', '\x80\x02}', /breaks off/],
  ])('refuses a pickle with %s', async (_, pickle, message) => {
    const { failure } = await refusal(openTorchCheckpoint('m.bin', withPickle(pickle)))
    expect(failure.kind).toMatch(/^(damaged-file|unsupported-model)$/)
    expect(failure.message).toMatch(message)
  })
})
