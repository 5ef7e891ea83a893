import { describe, expect, it } from 'vitest'
import { FailureError } from '../core/failure'
import { readSafetensorsHeader } from './safetensors'

/** Returns a file whose header is this JSON (or this text) and whose tensors are `dataBytes` zeros. */
function file(header: unknown, dataBytes: number, headerLength?: bigint): Blob {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  const bytes = new TextEncoder().encode(text)
  const length = new DataView(new ArrayBuffer(8))
  length.setBigUint64(0, headerLength ?? BigInt(bytes.length), true)
  return new Blob([length.buffer, bytes, new Uint8Array(dataBytes)])
}

const a = { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] }

async function refusal(blob: Blob): Promise<FailureError> {
  const thrown = await readSafetensorsHeader(blob).then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(FailureError)
  const error = thrown as FailureError
  expect(error.failure.kind).toBe('damaged-file')
  return error
}

describe('readSafetensorsHeader', () => {
  it('says where each tensor lies, from the start of the file', async () => {
    const header = {
      __metadata__: { format: 'pt' },
      a,
      b: { dtype: 'I8', shape: [4], data_offsets: [24, 28] },
    }
    const tensors = await readSafetensorsHeader(file(header, 28))
    const dataStart = 8 + JSON.stringify(header).length
    expect([...tensors.values()]).toEqual([
      { name: 'a', dtype: 'F32', shape: [2, 3], offset: dataStart, length: 24 },
      { name: 'b', dtype: 'I8', shape: [4], offset: dataStart + 24, length: 4 },
    ])
  })

  it('leaves out tensors of element types that no weight has', async () => {
    const ids = { dtype: 'I64', shape: [1], data_offsets: [24, 32] }
    expect([...(await readSafetensorsHeader(file({ a, ids }, 32))).keys()]).toEqual(['a'])
  })

  it.each<[string, Blob, RegExp]>([
    ['an empty file', new Blob([]), /only 0 bytes/],
    ['a header longer than the file', file({ a }, 24, 10_000n), /10000 bytes/],
    ['a header of 2 GB', file({ a }, 24, 2n ** 31n), /2147483648 bytes/],
    ['a header length that overflows', file({ a }, 24, 2n ** 64n - 1n), /18446744073709552000 bytes/],
    ['a header that is not JSON', file('{"a": ', 24), /not JSON/],
    ['a header that is a list', file([a], 24), /not a JSON object/],
    ['a truncated file', file({ a }, 23), /outside the file/],
    ['offsets out of range', file({ a: { ...a, data_offsets: [8, 32] } }, 24), /outside the file/],
    ['offsets in the wrong order', file({ a: { ...a, data_offsets: [24, 0] } }, 24), /outside the file/],
    ['negative offsets', file({ a: { ...a, data_offsets: [-24, 0] } }, 24), /no valid offsets/],
    ['a shape that does not fill its bytes', file({ a: { ...a, shape: [2, 2] } }, 24), /does not fill/],
    ['a shape that overflows', file({ a: { ...a, shape: [2 ** 40, 2 ** 40] } }, 24), /does not fill/],
    ['a shape of strings', file({ a: { ...a, shape: ['2', '3'] } }, 24), /no valid shape/],
    ['a tensor that is null', file({ a: null }, 24), /no description/],
    ['overlapping tensors', file({ a, b: { ...a, data_offsets: [20, 44] } }, 44), /overlap/],
  ])('refuses %s', async (_, blob, message) => {
    expect((await refusal(blob)).message).toMatch(message)
  })
})
