import { fail } from '../core/failure'
import type { Checkpoint, StoredTensor, WeightsFile } from './checkpoint'
import { BYTES_PER_ELEMENT } from './tensor'
import { isOldFile, openOldFile } from './torchOldFile'
import { readStateDict } from './torchStateDict'
import {
  checkTensor,
  contiguousCopy,
  dtypeOf,
  elementCount,
  isContiguous,
  MAX_PICKLE_BYTES,
  type TorchFile,
  type TorchTensor,
} from './torchTensor'
import { damagedArchive, dataOffsetOf, readEntry, readZipDirectory, STORED, type ZipEntry } from './zip'

const MAX_BYTE_ORDER_BYTES = 64

const TAR_MAGIC_OFFSET = 257
const TAR_MAGIC = 'ustar'

/** Refuses the tar archives of torch 0.1. */
async function refuseTar(file: Blob): Promise<void> {
  const end = TAR_MAGIC_OFFSET + TAR_MAGIC.length
  const magic = new Uint8Array(await file.slice(TAR_MAGIC_OFFSET, end).arrayBuffer())
  if (String.fromCharCode(...magic) !== TAR_MAGIC) return
  fail('unsupported-model', 'The weights file is a tar archive, as torch 0.1 wrote them.', {
    advice: 'Open it in torch and save it again: torch.save(torch.load(FILE), FILE).',
  })
}

interface TorchArchive {
  readonly pickle: Uint8Array
  storage(key: string): ZipEntry | undefined
}

/** Opens an archive of torch.save: `NAME/data.pkl`, `NAME/data/0`, `NAME/data/1`, ..., `NAME/byteorder`. */
async function openArchive(file: Blob): Promise<TorchArchive> {
  const entries = await readZipDirectory(file)
  const roots = [...entries.keys()].flatMap((name) => /^([^/]+\/)data\.pkl$/.exec(name)?.[1] ?? [])
  if (roots.length !== 1) {
    fail(
      'unsupported-model',
      'The weights file is a zip archive, but torch.save did not write it: no data.pkl.',
    )
  }
  const [root] = roots
  if (entries.has(`${root}constants.pkl`)) {
    fail('unsupported-model', 'The weights file is a TorchScript program, not a state dict.', {
      advice: 'Save model.state_dict() with torch.save.',
    })
  }
  const byteOrder = entries.get(`${root}byteorder`)
  if (byteOrder) {
    const order = new TextDecoder().decode(await readEntry(file, byteOrder, MAX_BYTE_ORDER_BYTES))
    if (order !== 'little') fail('unsupported-model', 'The weights file was saved on a big-endian machine.')
  }
  const pickle = entries.get(`${root}data.pkl`)
  if (!pickle) return damagedArchive('The archive has no data.pkl.')
  return {
    pickle: await readEntry(file, pickle, MAX_PICKLE_BYTES),
    storage: (key) => entries.get(`${root}data/${key}`),
  }
}

/**
 * Returns a function that finds the start of a storage's numbers, from the start of the file; each storage is looked up
 * once.
 */
function storageOffsets(file: Blob, archive: TorchArchive): TorchFile['offsetOf'] {
  const known = new Map<string, Promise<number>>()
  return ({ key, elements }, bytesPerElement) => {
    const entry = archive.storage(key)
    if (!entry) damagedArchive(`The archive has no file data/${key} for its tensors.`)
    if (entry.method !== STORED) {
      fail(
        'unsupported-model',
        'The tensors of the weights file are compressed: another program packed it again.',
        {
          advice: 'Unpack it and save it with torch.save, which does not compress.',
        },
      )
    }
    if (entry.bytes !== elements * bytesPerElement || entry.storedBytes !== entry.bytes) {
      damagedArchive(`data/${key} has ${entry.bytes} bytes for ${elements} numbers of ${bytesPerElement}.`)
    }
    const offset = known.get(key) ?? dataOffsetOf(file, entry)
    known.set(key, offset)
    return offset
  }
}

async function openZip(file: Blob): Promise<TorchFile> {
  await refuseTar(file)
  const archive = await openArchive(file)
  return { tensors: readStateDict(archive.pickle).tensors, offsetOf: storageOffsets(file, archive) }
}

/** Copies transposed tensors in their own order to a separate file: a graph reads only contiguous tensors. */
class Copies {
  readonly #file: Blob
  readonly #fileName: string
  readonly #parts: ArrayBuffer[] = []
  #bytes = 0

  constructor(file: Blob, fileName: string) {
    this.#file = file
    this.#fileName = `${fileName}.contiguous`
  }

  async add(tensor: TorchTensor, located: StoredTensor): Promise<StoredTensor> {
    const { offset, length, dtype } = located
    // Tensors that share a storage could ask for it again and again.
    if (this.#bytes + length > this.#file.size) {
      fail('unsupported-model', 'The weights file has more transposed tensors than bytes.')
    }
    const stored = await this.#file.slice(offset, offset + length).arrayBuffer()
    this.#parts.push(contiguousCopy(tensor, dtype, stored))
    this.#bytes += length
    return { ...located, fileName: this.#fileName, offset: this.#bytes - length }
  }

  files(): WeightsFile[] {
    return this.#bytes > 0 ? [{ name: this.#fileName, blob: new Blob(this.#parts) }] : []
  }
}

/**
 * Opens a checkpoint in one file of torch.save (`pytorch_model.bin`): a zip archive of a pickle and of the uncompressed
 * storages, or before torch 1.6 pickles with the storages behind them, so that each tensor is a range of the file and
 * none is read. The pickle is read as data (readStateDict). Tied tensors are one range under two names; only transposed tensors are copied.
 *
 * @returns tensors of other element types under `unread`: only a model that needs one must be refused
 * @throws FailureError `damaged-file`, or `unsupported-model` where the file holds something else than a state dict
 */
export async function openTorchCheckpoint(fileName: string, file: Blob): Promise<Checkpoint> {
  const { tensors: stored, offsetOf } = (await isOldFile(file))
    ? await openOldFile(file)
    : await openZip(file)
  const copies = new Copies(file, fileName)
  const tensors = new Map<string, StoredTensor>()
  const unread = new Map<string, string>()
  for (const [name, tensor] of stored) {
    const dtype = dtypeOf(tensor.storage)
    if (!dtype) {
      // Many files hold index buffers and the like besides the weights; nothing asks for them.
      unread.set(name, tensor.storage.type)
      continue
    }
    checkTensor(name, tensor)
    const bytesPerElement = BYTES_PER_ELEMENT[dtype]
    const located = {
      name,
      fileName,
      dtype,
      shape: tensor.shape,
      offset: (await offsetOf(tensor.storage, bytesPerElement)) + tensor.offset * bytesPerElement,
      length: elementCount(tensor.shape) * bytesPerElement,
    }
    tensors.set(name, isContiguous(tensor) ? located : await copies.add(tensor, located))
  }
  return { files: [{ name: fileName, blob: file }, ...copies.files()], tensors, unread }
}

/**
 * Opens a checkpoint in several such files (`pytorch_model-00001-of-00002.bin`, ...).
 *
 * @throws FailureError as openTorchCheckpoint does, and `damaged-file` where two files hold a tensor of one name
 */
export async function openTorchShards(shards: readonly WeightsFile[]): Promise<Checkpoint> {
  const files: WeightsFile[] = []
  const tensors = new Map<string, StoredTensor>()
  const unread = new Map<string, string>()
  for (const { name, blob } of shards) {
    const shard = await openTorchCheckpoint(name, blob)
    files.push(...shard.files)
    for (const [tensorName, type] of shard.unread ?? []) unread.set(tensorName, type)
    for (const tensor of shard.tensors.values()) {
      const former = tensors.get(tensor.name)
      if (former) fail('damaged-file', `Tensor ${tensor.name} lies in ${former.fileName} and in ${name}.`)
      tensors.set(tensor.name, tensor)
    }
  }
  return { files, tensors, unread }
}
