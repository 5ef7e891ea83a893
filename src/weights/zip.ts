import { fail } from '../core/failure'

/** Describes one file of an archive, as the archive's directory does. */
export interface ZipEntry {
  readonly name: string
  /** Compression: 0 none, 8 deflate. */
  readonly method: number
  readonly storedBytes: number
  /** Size of the file itself; equal to `storedBytes` if it is not compressed. */
  readonly bytes: number
  /** Start of its own header, from the start of the archive. */
  readonly headerOffset: number
  /** Start of the next entry's header, or of the directory: all bytes of this entry are before it. */
  readonly end: number
}

export const STORED = 0
export const DEFLATED = 8

/** Largest size of the directory; a checkpoint of 20,000 tensors has 2 MB. */
const MAX_DIRECTORY_BYTES = 16 * 2 ** 20

const END_SIGNATURE = 0x06054b50
const END_BYTES = 22
const MAX_COMMENT_BYTES = 0xffff
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50
const ZIP64_LOCATOR_BYTES = 20
const ZIP64_END_SIGNATURE = 0x06064b50
const ZIP64_END_BYTES = 56
const DIRECTORY_SIGNATURE = 0x02014b50
const DIRECTORY_ENTRY_BYTES = 46
const HEADER_SIGNATURE = 0x04034b50
const HEADER_BYTES = 30
const ZIP64_EXTRA = 0x0001
const SATURATED_16 = 0xffff
const SATURATED_32 = 0xffffffff
const ENCRYPTED = 1

export function damagedArchive(message: string): never {
  fail('damaged-file', message, { advice: 'Fetch the file again, or save it anew with torch.save.' })
}

async function viewOf(file: Blob, start: number, end: number): Promise<DataView> {
  return new DataView(await file.slice(start, end).arrayBuffer())
}

/** Reads an unsigned 64-bit number; those past 2^53 are outside of any file. */
function uint64(view: DataView, offset: number): number {
  const value = view.getBigUint64(offset, true)
  if (value > Number.MAX_SAFE_INTEGER) damagedArchive(`The archive speaks of ${value} bytes.`)
  return Number(value)
}

interface Directory {
  readonly start: number
  readonly bytes: number
  readonly entries: number
}

/** Finds the directory from the end record or its 64-bit form. */
async function findDirectory(file: Blob): Promise<Directory> {
  const tailStart = Math.max(0, file.size - END_BYTES - MAX_COMMENT_BYTES - ZIP64_LOCATOR_BYTES)
  const tail = await viewOf(file, tailStart, file.size)
  let end = tail.byteLength - END_BYTES
  const isEnd = () =>
    tail.getUint32(end, true) === END_SIGNATURE &&
    end + END_BYTES + tail.getUint16(end + 20, true) === tail.byteLength
  while (end >= 0 && !isEnd()) end--
  if (end < 0) damagedArchive('The weights file has no zip directory: it is cut off, or no file of torch.')

  const locator = end - ZIP64_LOCATOR_BYTES
  const is64 = locator >= 0 && tail.getUint32(locator, true) === ZIP64_LOCATOR_SIGNATURE
  const endOffset = tailStart + end
  const directory = is64
    ? await readZip64End(file, uint64(tail, locator + 8), endOffset - ZIP64_LOCATOR_BYTES)
    : {
        start: tail.getUint32(end + 16, true),
        bytes: tail.getUint32(end + 12, true),
        entries: tail.getUint16(end + 10, true),
      }
  if (directory.start + directory.bytes > endOffset) {
    damagedArchive(`The archive's directory lies outside of the file's ${file.size} bytes.`)
  }
  if (directory.bytes > MAX_DIRECTORY_BYTES) {
    damagedArchive(`The archive says that its directory has ${directory.bytes} bytes.`)
  }
  return directory
}

async function readZip64End(file: Blob, start: number, limit: number): Promise<Directory> {
  if (start + ZIP64_END_BYTES > limit) damagedArchive('The archive has no 64-bit directory where it says.')
  const record = await viewOf(file, start, start + ZIP64_END_BYTES)
  if (record.getUint32(0, true) !== ZIP64_END_SIGNATURE) {
    damagedArchive('The archive has no 64-bit directory where it says.')
  }
  return { entries: uint64(record, 32), bytes: uint64(record, 40), start: uint64(record, 48) }
}

/** Returns the values, those that are saturated replaced from a zip64 extra field, in the format's order. */
function readZip64Extra(extra: DataView, values: readonly number[]): number[] {
  if (!values.includes(SATURATED_32)) return [...values]
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const bytes = extra.getUint16(at + 2, true)
    if (extra.getUint16(at, true) !== ZIP64_EXTRA) {
      at += 4 + bytes
      continue
    }
    let field = at + 4
    const fieldsEnd = Math.min(field + bytes, extra.byteLength)
    return values.map((value) => {
      if (value !== SATURATED_32) return value
      if (field + 8 > fieldsEnd) damagedArchive('An entry of the archive has no 64-bit size.')
      field += 8
      return uint64(extra, field - 8)
    })
  }
  return damagedArchive('An entry of the archive has no 64-bit size.')
}

function checkName(name: string): void {
  const parts = name.split(/[/\\]/)
  if (name.includes('\0') || /^([/\\]|\w:)/.test(name) || parts.includes('..')) {
    damagedArchive(`The archive has a file that wants to lie outside of it: ${JSON.stringify(name)}.`)
  }
}

function parseDirectory(view: DataView, { start, bytes, entries: count }: Directory): ZipEntry[] {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const found: Omit<ZipEntry, 'end'>[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (at + DIRECTORY_ENTRY_BYTES > bytes || view.getUint32(at, true) !== DIRECTORY_SIGNATURE) {
      damagedArchive(`The archive's directory breaks off after ${i} of ${count} files.`)
    }
    const nameBytes = view.getUint16(at + 28, true)
    const extraBytes = view.getUint16(at + 30, true)
    const nameStart = at + DIRECTORY_ENTRY_BYTES
    const next = nameStart + nameBytes + extraBytes + view.getUint16(at + 32, true)
    if (next > bytes) damagedArchive(`The archive's directory breaks off after ${i} of ${count} files.`)
    let name = ''
    try {
      name = decoder.decode(new Uint8Array(view.buffer, view.byteOffset + nameStart, nameBytes))
    } catch {
      damagedArchive('A file of the archive has a name that is not UTF-8.')
    }
    checkName(name)
    if (view.getUint16(at + 8, true) & ENCRYPTED) damagedArchive(`${name} in the archive is encrypted.`)
    const disk = view.getUint16(at + 34, true)
    if (disk !== 0 && disk !== SATURATED_16) damagedArchive('The archive is one part of several.')
    const extra = new DataView(view.buffer, view.byteOffset + nameStart + nameBytes, extraBytes)
    const [size, storedBytes, headerOffset] = readZip64Extra(extra, [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ])
    if (headerOffset + HEADER_BYTES + nameBytes + storedBytes > start) {
      damagedArchive(`${name} lies outside of the archive.`)
    }
    found.push({ name, method: view.getUint16(at + 10, true), storedBytes, bytes: size, headerOffset })
    at = next
  }
  const sorted = found.sort((a, b) => a.headerOffset - b.headerOffset)
  return sorted.map((entry, i) => {
    const end = sorted[i + 1]?.headerOffset ?? start
    if (entry.headerOffset + HEADER_BYTES + entry.storedBytes > end) {
      damagedArchive(`${entry.name} and ${sorted[i + 1]?.name} overlap in the archive.`)
    }
    return { ...entry, end }
  })
}

/**
 * Reads the directory of a zip archive (PKWARE's APPNOTE 6.3, 4.3; with its 64-bit records): its files and their
 * offsets. No file of the archive is read.
 *
 * @returns entries by name
 * @throws FailureError `damaged-file` where sizes or offsets contradict each other or the archive, names come twice or
 *   lead outside, or files are encrypted
 */
export async function readZipDirectory(file: Blob): Promise<ReadonlyMap<string, ZipEntry>> {
  const directory = await findDirectory(file)
  const view = await viewOf(file, directory.start, directory.start + directory.bytes)
  const entries = new Map<string, ZipEntry>()
  for (const entry of parseDirectory(view, directory)) {
    if (entries.has(entry.name)) damagedArchive(`${entry.name} lies in the archive twice.`)
    entries.set(entry.name, entry)
  }
  return entries
}

/**
 * Returns the start of an entry's bytes, from the start of the archive: its own header says how many bytes precede them
 * (torch pads it, so that each storage is aligned).
 *
 * @throws FailureError `damaged-file`
 */
export async function dataOffsetOf(file: Blob, entry: ZipEntry): Promise<number> {
  const { name, headerOffset, storedBytes, end } = entry
  const header = await viewOf(file, headerOffset, headerOffset + HEADER_BYTES)
  if (header.getUint32(0, true) !== HEADER_SIGNATURE) damagedArchive(`${name} has no header in the archive.`)
  const offset = headerOffset + HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true)
  if (offset + storedBytes > end) damagedArchive(`${name} runs into the next file of the archive.`)
  return offset
}

/**
 * Reads a small file of the archive, inflated if it is deflated.
 *
 * @param maxBytes largest inflated size; reading stops there, whatever the archive says
 * @throws FailureError `damaged-file`
 */
export async function readEntry(file: Blob, entry: ZipEntry, maxBytes: number): Promise<Uint8Array> {
  const { name, method, storedBytes, bytes } = entry
  if (Math.max(bytes, storedBytes) > maxBytes) {
    damagedArchive(`${name} has ${Math.max(bytes, storedBytes)} bytes; more than ${maxBytes} are not read.`)
  }
  const offset = await dataOffsetOf(file, entry)
  const stored = file.slice(offset, offset + storedBytes)
  if (method === STORED) return new Uint8Array(await stored.arrayBuffer())
  if (method !== DEFLATED) damagedArchive(`${name} is compressed in a way (${method}) that is not read.`)
  const inflated = new Uint8Array(bytes)
  const reader = stored.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      // Past the end `set` throws: the rest of a bomb is not read.
      inflated.set(value, length)
      length += value.length
    }
  } catch {
    await reader.cancel().catch(() => undefined)
    length = -1
  }
  if (length !== bytes)
    damagedArchive(`${name} does not inflate to the ${bytes} bytes that the archive says.`)
  return inflated
}
