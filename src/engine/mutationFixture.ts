/** Returns a generator of numbers in [0, 1) that are the same on every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

type Random = () => number

const below = (random: Random, count: number) => Math.floor(random() * count)
const pick = <T>(random: Random, items: readonly T[]): T => items[below(random, items.length)]

/** Bytes that formats trip over: signs, ends, quotes, largest lengths. */
const SPITEFUL = [
  [0],
  [0xff],
  [0x7f],
  [0x80],
  [0x22],
  [0x7b],
  [0x5d],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0x80],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0, 0, 0, 0, 0, 0, 0, 0x40],
]

/**
 * Returns a damaged copy of a file: bits turned, bytes replaced, left out, doubled or put elsewhere, or the end cut
 * off.
 *
 * @param where [start, end) of the bytes at fault; else anywhere
 */
export function mutateBytes(
  bytes: Uint8Array,
  random: Random,
  where: readonly [number, number] = [0, bytes.length],
): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes)
  const place = () => Math.min(bytes.length, where[0] + below(random, where[1] - where[0]))
  const at = place()
  const length = 1 + below(random, pick(random, [4, 40, 4000]))
  switch (below(random, 6)) {
    case 0:
      for (let i = 0; i <= below(random, 4); i++) copy[place()] ^= 1 << below(random, 8)
      return copy
    case 1:
      for (const [i, byte] of pick(random, SPITEFUL).entries()) if (at + i < copy.length) copy[at + i] = byte
      return copy
    case 2:
      return joined(copy.subarray(0, at), copy.subarray(at + length))
    case 3:
      return joined(copy.subarray(0, at), copy.subarray(at, at + length), copy.subarray(at))
    case 4: {
      const other = place()
      copy.copyWithin(at, other, other + length)
      return copy
    }
    default:
      return copy.slice(0, at)
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

const VALUES: readonly unknown[] = [
  null,
  true,
  '',
  'x',
  '\ud800',
  '__proto__',
  '(((((((((a+)+)+)+)+)+)+)+)+$',
  '../../etc/passwd',
  0,
  -1,
  1.5,
  1e308,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  [],
  {},
  [null],
  [[]],
  { type: 'x' },
  { content: null },
]

/** Returns a copy of a JSON value with one place in it replaced, left out, doubled or swapped with another. */
export function mutateJson(json: unknown, random: Random): unknown {
  const copy: unknown = structuredClone(json)
  const places: { holder: Record<string, unknown>; key: string }[] = []
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    const holder = value as Record<string, unknown>
    const keys = Object.keys(holder)
    // A few entries are enough of a long list (a vocabulary): the fields around it matter more.
    const visited = keys.length > 40 ? keys.filter(() => random() < 20 / keys.length) : keys
    for (const key of visited) {
      places.push({ holder, key })
      visit(holder[key])
    }
  }
  visit(copy)
  if (places.length === 0) return pick(random, VALUES)
  const { holder, key } = pick(random, places)
  switch (below(random, 4)) {
    case 0:
      delete holder[key]
      break
    case 1: {
      const other = pick(random, places)
      holder[key] = structuredClone(other.holder[other.key])
      break
    }
    case 2:
      holder[pick(random, ['type', 'content', 'id', '__proto__', 'x'])] = holder[key]
      break
    default:
      holder[key] = pick(random, VALUES)
  }
  return copy
}
