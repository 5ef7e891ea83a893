import * as v from 'valibot'

/**
 * Checks numbers of a shipped result in two bytes each, as base64 of their low bytes and then their high bytes (apart,
 * since adjacent numbers share their high bytes, which then compress).
 */
export const packedSchema = v.strictObject({
  low: v.pipe(v.number(), v.finite()),
  high: v.pipe(v.number(), v.finite()),
  data: v.pipe(v.string(), v.maxLength(4_000_000)),
})

export type Packed = v.InferOutput<typeof packedSchema>

const STEPS = 0xffff
/**
 * Number of steps of a difference: norms of a perturbed sequence enter only its cosine, squared, so ten bits are
 * enough, and compress better.
 */
const DIFFERENCE_STEPS = 0x3ff

function toBase64(values: Uint16Array): string {
  const bytes = new Uint8Array(2 * values.length)
  values.forEach((value, i) => {
    bytes[i] = value & 0xff
    bytes[values.length + i] = value >> 8
  })
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

function fromBase64(data: string): Uint16Array {
  const binary = atob(data)
  const count = binary.length / 2
  return Uint16Array.from(
    { length: count },
    (_, i) => binary.charCodeAt(i) | (binary.charCodeAt(count + i) << 8),
  )
}

/**
 * Packs amounts >= 0 on a logarithmic scale between the smallest and the largest that are not 0; 0 stays exactly 0. A
 * range of 1 : 10,000 is exact to 7e-5 of each value.
 */
export function packAmounts(values: Float32Array): Packed {
  let low = Number.POSITIVE_INFINITY
  let high = 0
  for (const value of values) {
    if (value > 0 && value < low) low = value
    if (value > high) high = value
  }
  if (high === 0) low = 1
  const span = high > low ? Math.log(high / low) : 1
  const steps = Uint16Array.from(values, (value) =>
    value > 0 ? 1 + Math.round((Math.log(value / low) / span) * (STEPS - 1)) : 0,
  )
  return { low, high, data: toBase64(steps) }
}

export function unpackAmounts({ low, high, data }: Packed): Float32Array {
  const span = high > low ? Math.log(high / low) : 1
  return Float32Array.from(fromBase64(data), (step) =>
    step === 0 ? 0 : low * Math.exp(((step - 1) / (STEPS - 1)) * span),
  )
}

/** Packs signed differences on a linear scale. */
export function packDifferences(values: Float32Array): Packed {
  let low = 0
  let high = 0
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const span = high > low ? high - low : 1
  const steps = Uint16Array.from(values, (value) => Math.round(((value - low) / span) * DIFFERENCE_STEPS))
  return { low, high, data: toBase64(steps) }
}

export function unpackDifferences({ low, high, data }: Packed): Float32Array {
  const span = high > low ? high - low : 1
  return Float32Array.from(fromBase64(data), (step) => low + (step / DIFFERENCE_STEPS) * span)
}

/** Packs exact floats, little-endian. */
export function packFloats(values: Float32Array): string {
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    view.setFloat32(4 * i, value, true)
  })
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

export function unpackFloats(data: string): Float32Array {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
}
