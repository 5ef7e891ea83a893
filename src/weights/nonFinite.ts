import type { Checkpoint, StoredTensor } from './checkpoint'
import type { TensorDtype } from './tensor'

/** Names an infinite number or NaN in a weights file. */
export interface NonFinite {
  /** Name of the tensor. */
  readonly tensor: string
  readonly value: 'Inf' | 'NaN'
}

/** Number of bytes read at a time. */
const CHUNK_BYTES = 2 ** 22

/**
 * Bits by element type: of the exponent, all of which are set in Inf and NaN, and of the fraction, none of which is set
 * in Inf.
 */
const BITS: Readonly<Partial<Record<TensorDtype, { bytes: 2 | 4 | 8; exponent: number; fraction: number }>>> =
  {
    F16: { bytes: 2, exponent: 0x7c00, fraction: 0x3ff },
    BF16: { bytes: 2, exponent: 0x7f80, fraction: 0x7f },
    F32: { bytes: 4, exponent: 0x7f800000, fraction: 0x7fffff },
    // The higher half says it, but for fractions that only the lower half has.
    F64: { bytes: 8, exponent: 0x7ff00000, fraction: 0xfffff },
  }

async function findIn(blob: Blob, { name, dtype, offset, length }: StoredTensor): Promise<NonFinite | null> {
  const bits = BITS[dtype]
  if (!bits) return null
  const { bytes, exponent, fraction } = bits
  for (let from = 0; from < length; from += CHUNK_BYTES) {
    const end = Math.min(from + CHUNK_BYTES, length)
    const view = new DataView(await blob.slice(offset + from, offset + end).arrayBuffer())
    for (let at = 0; at < view.byteLength; at += bytes) {
      const value = bytes === 2 ? view.getUint16(at, true) : view.getUint32(at + bytes - 4, true)
      if ((value & exponent) !== exponent) continue
      return { tensor: name, value: (value & fraction) === 0 ? 'Inf' : 'NaN' }
    }
  }
  return null
}

/** Searches all weights for a first number that is Inf or NaN; null if every one is finite. */
export async function findNonFinite({ files, tensors }: Checkpoint): Promise<NonFinite | null> {
  const blobs = new Map(files.map(({ name, blob }) => [name, blob]))
  for (const tensor of tensors.values()) {
    const blob = blobs.get(tensor.fileName)
    const found = blob && (await findIn(blob, tensor))
    if (found) return found
  }
  return null
}
