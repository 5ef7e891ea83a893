/** Returns a generator of numbers from 0 to below 1, the same in every run (Marsaglia's xorshift, 32 bits). */
export function seededRandom(seed: number): () => number {
  let state = 2 * seed + 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** Bytes that make trouble: continuations, ends, large lengths, negative numbers. */
const TROUBLE = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff]

/** Returns a file with one to four of its bytes or stretches changed. */
export function mutated(bytes: Uint8Array, random: () => number): Uint8Array<ArrayBuffer> {
  const at = (length: number) => Math.floor(random() * length)
  let result = new Uint8Array(bytes)
  for (let left = 1 + at(4); left > 0; left--) {
    const place = at(result.length)
    const end = Math.min(result.length, place + 1 + at(32))
    switch (at(7)) {
      case 0:
        result[place] ^= 1 << at(8)
        break
      case 1:
        result[place] = TROUBLE[at(TROUBLE.length)]
        break
      case 2:
        result[place] = at(256)
        break
      case 3:
        result.fill(TROUBLE[at(TROUBLE.length)], place, end)
        break
      case 4:
        result = joined(result.subarray(0, place), result.subarray(end))
        break
      case 5:
        result = joined(result.subarray(0, end), result.subarray(place))
        break
      case 6:
        // Cut off, but seldom: most of what follows would be lost.
        if (at(4) === 0) result = result.slice(0, place)
        else result[place]++
    }
  }
  return result
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
