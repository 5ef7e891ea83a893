import { fail } from '../core/failure'
import { type PickleRules, readPickle } from './pickle'
import { readStateDict } from './torchStateDict'
import { MAX_PICKLE_BYTES, type TorchFile } from './torchTensor'

/** The first pickle of such a file, as long as it is: the number 0x1950a86a20f9469cfc6c. */
const MAGIC = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]
const PROTOCOL = 1001
/** Bytes before the numbers of a storage: their count, as int64. */
const COUNT_BYTES = 8

/** Bytes of a number of each type of storage. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  DoubleStorage: 8,
  FloatStorage: 4,
  HalfStorage: 2,
  BFloat16Storage: 2,
  LongStorage: 8,
  IntStorage: 4,
  ShortStorage: 2,
  CharStorage: 1,
  ByteStorage: 1,
  BoolStorage: 1,
  ComplexFloatStorage: 8,
  ComplexDoubleStorage: 16,
}

function damaged(message: string): never {
  fail('damaged-file', message, { advice: 'Fetch the file again, or save it anew with torch.save.' })
}

/** Reads plain values only. */
const VALUES: PickleRules = {
  admit: (path) =>
    damaged(`The weights file asks Python for ${path.slice(0, 160)} where torch names nothing.`),
  call: () => damaged('The weights file calls something where torch calls nothing.'),
  persistent: () => damaged('The weights file has a storage where torch has none.'),
}

/** Says whether a file is one of torch.save before 1.6, or of its `_use_new_zipfile_serialization=False`. */
export async function isOldFile(file: Blob): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, MAGIC.length).arrayBuffer())
  return MAGIC.every((byte, i) => start[i] === byte)
}

/**
 * Opens a file of torch.save as it was before torch 1.6 (`_legacy_save` in torch/serialization.py): five pickles, a magic
 * number, a version, the machine, the state dict and the keys of its storages; then each storage in the order of the
 * keys, a count as int64 before its numbers.
 *
 * @throws FailureError `damaged-file`, or `unsupported-model` where the file holds something else than a state dict
 */
export async function openOldFile(file: Blob): Promise<TorchFile> {
  const head = new Uint8Array(await file.slice(0, MAX_PICKLE_BYTES).arrayBuffer())
  let at = MAGIC.length
  const values = () => {
    const { value, bytes } = readPickle(head.subarray(at), VALUES)
    at += bytes
    return value
  }
  const version = values()
  if (version !== PROTOCOL)
    damaged(`The weights file has version ${String(version).slice(0, 20)} of a format of torch.`)
  const machine = values()
  if (!(machine instanceof Map) || typeof machine.get('little_endian') !== 'boolean') {
    damaged('The weights file does not say on what machine it was saved.')
  }
  if (!machine.get('little_endian')) {
    fail('unsupported-model', 'The weights file was saved on a big-endian machine.')
  }
  const { tensors, storages, bytes } = readStateDict(head.subarray(at))
  at += bytes
  const keys = values()
  if (!Array.isArray(keys)) return damaged('The weights file does not list its storages.')
  const offsets = new Map<string, number>()
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined
    if (!storage || offsets.has(storage.key)) {
      return damaged(
        `The weights file lists a storage ${String(key).slice(0, 20)} that no tensor names, or twice.`,
      )
    }
    const { type, elements } = storage
    const size = Object.hasOwn(ELEMENT_BYTES, type) ? ELEMENT_BYTES[type] : null
    if (size === null) {
      return fail('unsupported-model', `The weights file holds numbers of type ${type}, which are not read.`)
    }
    const count = await countAt(file, at)
    if (count !== BigInt(elements)) {
      damaged(`The weights file has ${count} numbers where it names ${elements}.`)
    }
    offsets.set(storage.key, at + COUNT_BYTES)
    at += COUNT_BYTES + elements * size
    if (at > file.size) damaged('The weights file breaks off.')
  }
  return {
    tensors,
    offsetOf: async ({ key }) =>
      offsets.get(key) ?? damaged(`The weights file has no storage ${key.slice(0, 20)} for its tensors.`),
  }
}

async function countAt(file: Blob, at: number): Promise<bigint> {
  const bytes = await file.slice(at, at + COUNT_BYTES).arrayBuffer()
  if (bytes.byteLength < COUNT_BYTES) damaged('The weights file breaks off.')
  return new DataView(bytes).getBigInt64(0, true)
}
