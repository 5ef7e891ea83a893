import { deflateSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { FailureError } from '../core/failure'
import { DEFLATED, dataOffsetOf, readEntry, readZipDirectory } from './zip'

interface Part {
  readonly name: string
  readonly data: Uint8Array
  readonly method?: number
  readonly flags?: number
  /** Size that the directory states. */
  readonly bytes?: number
  readonly storedBytes?: number
  /** Padding of the local header, as torch adds it. */
  readonly padding?: number
  readonly headerOffset?: number
  /** Sizes and offset in a zip64 field. */
  readonly zip64?: boolean
}

const encode = (text: string) => new TextEncoder().encode(text)
const SATURATED = 0xffffffff

function record(
  signature: number,
  length: number,
  ...fields: [offset: number, bytes: 2 | 4 | 8, value: number][]
) {
  const view = new DataView(new ArrayBuffer(length))
  view.setUint32(0, signature, true)
  for (const [offset, bytes, value] of fields) {
    if (bytes === 2) view.setUint16(offset, value, true)
    else if (bytes === 4) view.setUint32(offset, value, true)
    else view.setBigUint64(offset, BigInt(value), true)
  }
  return new Uint8Array(view.buffer)
}

interface Ending {
  readonly zip64End?: boolean
  readonly directoryBytes?: number
  readonly directoryStart?: number
  readonly count?: number
  readonly comment?: string
}

/** Returns an archive written field by field, so that each can be wrong. */
function archive(parts: readonly Part[], ending: Ending = {}): Blob {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  const directory: Uint8Array<ArrayBuffer>[] = []
  let at = 0
  const add = (piece: Uint8Array) => {
    pieces.push(new Uint8Array(piece))
    at += piece.length
  }
  for (const part of parts) {
    const name = encode(part.name)
    const { method = 0, flags = 0, padding = 0, storedBytes = part.data.length } = part
    const bytes = part.bytes ?? part.data.length
    const headerOffset = part.headerOffset ?? at
    add(record(0x04034b50, 30, [6, 2, flags], [8, 2, method], [26, 2, name.length], [28, 2, padding]))
    add(name)
    add(new Uint8Array(padding))
    add(part.data)
    const extra = part.zip64
      ? record(0x00000001, 28, [2, 2, 24], [4, 8, bytes], [12, 8, storedBytes], [20, 8, headerOffset])
      : new Uint8Array(0)
    const short = (value: number) => (part.zip64 ? SATURATED : value)
    directory.push(
      record(
        0x02014b50,
        46,
        [8, 2, flags],
        [10, 2, method],
        [20, 4, short(storedBytes)],
        [24, 4, short(bytes)],
        [28, 2, name.length],
        [30, 2, extra.length],
        [42, 4, short(headerOffset)],
      ),
      name,
      extra,
    )
  }
  const { zip64End = false, count = parts.length, comment = '' } = ending
  const start = ending.directoryStart ?? at
  const directoryBytes = ending.directoryBytes ?? directory.reduce((sum, { length }) => sum + length, 0)
  for (const piece of directory) add(piece)
  if (zip64End) {
    const endOffset = at
    add(record(0x06064b50, 56, [4, 8, 44], [32, 8, count], [40, 8, directoryBytes], [48, 8, start]))
    add(record(0x07064b50, 20, [8, 8, endOffset], [16, 4, 1]))
  }
  const short = (value: number) => (zip64End ? SATURATED : value)
  const shortCount = zip64End ? 0xffff : count
  add(
    record(
      0x06054b50,
      22,
      [10, 2, shortCount],
      [12, 4, short(directoryBytes)],
      [16, 4, short(start)],
      [20, 2, comment.length],
    ),
  )
  add(encode(comment))
  return new Blob(pieces)
}

const a: Part = { name: 'm/a', data: Uint8Array.of(1, 2, 3) }
const b: Part = { name: 'm/b', data: Uint8Array.of(4, 5), padding: 13 }

async function read(blob: Blob, name: string, maxBytes = 1000): Promise<number[]> {
  const entry = (await readZipDirectory(blob)).get(name)
  if (!entry) throw new Error(`no ${name}`)
  return Array.from(await readEntry(blob, entry, maxBytes))
}

async function refusal(reading: Promise<unknown>): Promise<string> {
  const thrown = await reading.then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(FailureError)
  expect((thrown as FailureError).failure.kind).toBe('damaged-file')
  return (thrown as FailureError).message
}

describe('a zip archive', () => {
  it.each<[string, Blob]>([
    ['plain', archive([a, b])],
    ['with a comment', archive([a, b], { comment: 'made by hand' })],
    ['with 64-bit ends', archive([a, b], { zip64End: true })],
    [
      'with 64-bit entries',
      archive(
        [
          { ...a, zip64: true },
          { ...b, zip64: true },
        ],
        { zip64End: true },
      ),
    ],
    ['of fflate', new Blob([zipSync({ 'm/a': a.data, 'm/b': b.data }) as BlobPart])],
  ])('is read: %s', async (_, blob) => {
    expect([...(await readZipDirectory(blob)).keys()]).toEqual(['m/a', 'm/b'])
    expect(await read(blob, 'm/a')).toEqual([1, 2, 3])
    expect(await read(blob, 'm/b')).toEqual([4, 5])
  })

  it('says where a padded entry begins', async () => {
    const blob = archive([a, b])
    const entry = (await readZipDirectory(blob)).get('m/b')
    const offset = entry ? await dataOffsetOf(blob, entry) : -1
    expect(Array.from(new Uint8Array(await blob.slice(offset, offset + 2).arrayBuffer()))).toEqual([4, 5])
  })

  it('inflates no more than it is allowed', async () => {
    const zeros = new Uint8Array(50_000_000)
    const data = deflateSync(zeros, { level: 9 })
    const bomb = { name: 'm/bomb', data, method: DEFLATED }
    expect(await refusal(read(archive([{ ...bomb, bytes: zeros.length }]), 'm/bomb'))).toMatch(
      /more than 1000 are/,
    )
    expect(await refusal(read(archive([{ ...bomb, bytes: 900 }]), 'm/bomb', 100_000))).toMatch(
      /inflate to the 900/,
    )
    expect(
      await refusal(read(archive([{ ...bomb, data: data.subarray(0, 500), bytes: 900 }]), 'm/bomb')),
    ).toMatch(/inflate to the 900/)
  })

  it.each<[string, Blob, RegExp]>([
    ['an empty file', new Blob([]), /no zip directory/],
    ['a file of something else', new Blob([new Uint8Array(100_000)]), /no zip directory/],
    ['a file that is cut off', archive([a, b]).slice(0, -1), /no zip directory/],
    ['a directory of 2 GB', archive([a], { zip64End: true, directoryBytes: 2 ** 31 }), /outside of the file/],
    ['a directory past 2^53', archive([a], { zip64End: true, directoryBytes: 2 ** 60 }), /speaks of/],
    ['a directory that begins too late', archive([a], { directoryStart: 10_000 }), /outside of the file/],
    ['a directory that begins elsewhere', archive([a], { directoryStart: 5 }), /breaks off after 0 of 1/],
    ['fewer files than it says', archive([a], { count: 2 }), /breaks off after 1 of 2/],
    ['one name twice', archive([a, a]), /m\/a lies in the archive twice/],
    ['a name that climbs', archive([{ ...a, name: 'm/../../a' }]), /wants to lie outside/],
    ['a name that climbs the other way', archive([{ ...a, name: '..\\a' }]), /wants to lie outside/],
    ['an absolute name', archive([{ ...a, name: '/etc/passwd' }]), /wants to lie outside/],
    ['an encrypted file', archive([{ ...a, flags: 1 }]), /encrypted/],
    ['a file past the end', archive([{ ...a, storedBytes: 10_000 }]), /outside of the archive/],
    ['a file that begins past the end', archive([{ ...a, headerOffset: 10_000 }]), /outside of the archive/],
    ['files that overlap', archive([{ ...a, storedBytes: 20, bytes: 20 }, b]), /overlap/],
    ['files in one place', archive([a, { ...b, headerOffset: 0 }]), /overlap/],
  ])('is refused: %s', async (_, blob, message) => {
    expect(await refusal(readZipDirectory(blob))).toMatch(message)
  })

  it.each<[string, Blob, RegExp]>([
    ['begins elsewhere', archive([a, { ...b, headerOffset: 34 }]), /no header|runs into/],
    [
      'runs into the next',
      archive([{ ...a, padding: 0xffff, data: new Uint8Array(0), storedBytes: 1, bytes: 1 }]),
      /runs/,
    ],
    ['is compressed in another way', archive([{ ...a, method: 12 }]), /in a way \(12\)/],
  ])('is refused where a file of it %s', async (_, blob, message) => {
    const entries = [...(await readZipDirectory(blob)).values()]
    const reading = (async () => {
      for (const entry of entries) await readEntry(blob, entry, 1000)
    })()
    expect(await refusal(reading)).toMatch(message)
  })
})
