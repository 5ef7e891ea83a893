import fc from 'fast-check'

/** Draws a relative place in a value of any length, 0..1 of it. */
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })

type Edit<T> = (value: T) => T

/** Applies one to four edits, one after the other. */
const edited = <T>(base: fc.Arbitrary<T>, edit: fc.Arbitrary<Edit<T>>): fc.Arbitrary<T> =>
  fc
    .tuple(base, fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([value, edits]) => edits.reduce((changed, apply) => apply(changed), value))

/** Draws an edit that replaces, removes, inserts, cuts off or doubles characters. */
const textEdit = (alphabet: fc.Arbitrary<string>): fc.Arbitrary<Edit<string>> =>
  fc
    .record({
      kind: fc.constantFrom('replace', 'remove', 'insert', 'cut', 'double'),
      at: place,
      length: fc.integer({ min: 1, max: 40 }),
      by: alphabet,
    })
    .map(({ kind, at, length, by }) => (text) => {
      const start = Math.floor(at * text.length)
      const before = text.slice(0, start)
      const after = text.slice(start)
      if (kind === 'replace') return before + by + after.slice(by.length)
      if (kind === 'remove') return before + after.slice(length)
      if (kind === 'insert') return before + by + after
      return kind === 'cut' ? before : before + after.slice(0, length) + after
    })

/** Draws a damaged text; `alphabet` gives what is inserted. */
export const mutatedText = (base: fc.Arbitrary<string>, alphabet: fc.Arbitrary<string>) =>
  edited(base, textEdit(alphabet))

/** Draws bytes with bits flipped, bytes removed or doubled, or the end cut off. */
export const mutatedBytes = (base: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  edited(
    base,
    fc
      .record({
        kind: fc.constantFrom('turn', 'turn', 'remove', 'double', 'cut'),
        at: place,
        bit: fc.nat({ max: 7 }),
        length: fc.integer({ min: 1, max: 12 }),
      })
      .map(({ kind, at, bit, length }) => (bytes) => {
        const start = Math.floor(at * bytes.length)
        if (kind === 'turn') return bytes.map((byte, i) => (i === start ? byte ^ (1 << bit) : byte))
        if (kind === 'cut') return bytes.slice(0, start)
        const after = kind === 'remove' ? start + length : start
        return Uint8Array.from([
          ...bytes.subarray(0, kind === 'double' ? start + length : start),
          ...bytes.subarray(after),
        ])
      }),
  )

const nested = (open: string, close: string, depth: number) =>
  open.repeat(depth) + (open === '[' ? '' : '0') + close.repeat(depth)

/** Draws JSON of an unexpected type or size. */
const strangeJson: fc.Arbitrary<string> = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('null', 'true', '""', '[]', '{}', '[[]]', '[null]'),
  fc.constantFrom(
    '-1',
    '0.5',
    '1e308',
    '1e999',
    '-0',
    '2147483648',
    '9007199254740993',
    '18446744073709551615',
  ),
  fc.constantFrom('"__proto__"', '"<script>alert(1)</script>"', '"\\ud800"', '"javascript:alert(1)"'),
  fc.constantFrom('{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'),
  fc.integer({ min: 1, max: 2000 }).map((depth) => nested('[', ']', depth)),
  fc.integer({ min: 1, max: 2000 }).map((depth) => nested('{"a":', '}', depth)),
  fc.integer({ min: 1, max: 20_000 }).map((length) => JSON.stringify('a'.repeat(length))),
  fc.integer({ min: 1, max: 3000 }).map((length) => JSON.stringify(Array.from({ length }, (_, i) => i))),
)

interface Slot {
  readonly holder: Record<string, unknown>
  readonly key: string
}

function slotsOf(root: Slot): Slot[] {
  const slots = [root]
  for (const { holder, key } of slots) {
    const value = holder[key]
    if (typeof value !== 'object' || value === null) continue
    const within = value as Record<string, unknown>
    for (const inner of Object.keys(within)) slots.push({ holder: within, key: inner })
  }
  return slots
}

/** Marks JSON that is inserted as text: huge numbers and `__proto__` do not survive as values. */
const RAW = 'raw JSON '

/**
 * Draws JSON text in which values are replaced by strange ones, removed, exchanged with each other, or moved to another
 * key (`__proto__` among them, which only text can carry).
 */
export const mutatedJson = (base: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc
    .tuple(
      base,
      fc.array(
        fc.record({
          kind: fc.constantFrom('replace', 'replace', 'remove', 'swap', 'rename'),
          at: place,
          other: place,
          by: strangeJson,
          name: fc.constantFrom('__proto__', 'constructor', 'toString', 'length', 'text', 'x'),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    )
    .map(([value, edits]) => {
      const root: Slot = { holder: { value: structuredClone(value) }, key: 'value' }
      const raw: string[] = []
      for (const { kind, at, other, by, name } of edits) {
        const slots = slotsOf(root)
        const { holder, key } = slots[Math.floor(at * slots.length)]
        const second = slots[Math.floor(other * slots.length)]
        const former = holder[key]
        if (kind === 'replace') holder[key] = `${RAW}${raw.push(by) - 1}`
        else if (kind === 'swap') {
          holder[key] = structuredClone(second.holder[second.key])
          second.holder[second.key] = structuredClone(former)
        } else {
          delete holder[key]
          // Defined rather than assigned: an assignment would change the prototype and leave nothing to write.
          if (kind === 'rename' && !Array.isArray(holder)) {
            Object.defineProperty(holder, name, {
              value: former,
              enumerable: true,
              configurable: true,
              writable: true,
            })
          }
        }
      }
      const json = JSON.stringify(root.holder.value) ?? 'null'
      return json.replace(new RegExp(`"${RAW}(\\d+)"`, 'g'), (_, at: string) => raw[Number(at)])
    })
