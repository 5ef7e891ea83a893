import { fail } from '../core/failure'
import { OP } from './pickleOpcodes'

/**
 * Holds the name of a class or function in a pickle; the reader decides what is done with it. Nothing is ever looked
 * up.
 */
export class PickleName {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }
}

/**
 * Decides what a format stored as a pickle allows. Values are strings, numbers, booleans, null, arrays (lists and
 * tuples), Maps (dicts), and the results of `call` and `persistent`.
 */
export interface PickleRules {
  /** Refuses a name, `module.name`, by throwing. */
  admit(path: string): void
  /** Returns the value of a call of an admitted name. */
  call(path: string, args: readonly unknown[]): unknown
  /** Returns the value of an id of the format's own. */
  persistent(id: unknown): unknown
}

/** Largest number of instructions; a checkpoint of 20,000 tensors has 900,000. */
const MAX_INSTRUCTIONS = 2_000_000
/** Largest number of dicts, calls and ids; a checkpoint of 20,000 tensors has 60,000. */
const MAX_OBJECTS = 200_000
/** Greatest depth of marks inside marks: a state dict has four. */
const MAX_DEPTH = 100

function damaged(what: string): never {
  fail('damaged-file', `The pickle of the weights file ${what}.`, {
    advice: 'Fetch the file again, or save it anew with torch.save.',
  })
}

/** Holds what a pickle stands for. */
export interface PickleEnd {
  readonly value: unknown
  /** Length of the pickle; what stands behind it was not looked at. */
  readonly bytes: number
}

/** Holds the stack of values below one mark. */
type Frame = unknown[]

class PickleReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #rules: PickleRules
  readonly #memo = new Map<number, unknown>()
  readonly #outer: Frame[] = []
  readonly #text = new TextDecoder('utf-8', { fatal: true })
  #stack: Frame = []
  #at = 0
  #objects = 0

  constructor(bytes: Uint8Array, rules: PickleRules) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#rules = rules
  }

  #push(value: unknown): void {
    this.#stack.push(value)
  }

  /** Pushes a value that takes memory of its own, however short its instruction is. */
  #pushObject(make: () => unknown): void {
    if (++this.#objects > MAX_OBJECTS) damaged('has more objects than tensors need')
    this.#stack.push(make())
  }

  /** Returns the start of the next `count` bytes, and skips them. */
  #take(count: number): number {
    const start = this.#at
    if (start + count > this.#bytes.length) damaged('breaks off')
    this.#at = start + count
    return start
  }

  #string(count: number): string {
    const start = this.#take(count)
    try {
      return this.#text.decode(this.#bytes.subarray(start, start + count))
    } catch {
      return damaged('has a text that is not UTF-8')
    }
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at)
    if (end < 0) damaged('breaks off')
    const line = this.#string(end - this.#at)
    this.#at = end + 1
    return line
  }

  #pop(): unknown {
    if (this.#stack.length === 0) damaged('takes what is not there')
    return this.#stack.pop()
  }

  #top(): unknown {
    if (this.#stack.length === 0) damaged('takes what is not there')
    return this.#stack[this.#stack.length - 1]
  }

  #popMany(count: number): unknown[] {
    if (this.#stack.length < count) damaged('takes what is not there')
    return this.#stack.splice(this.#stack.length - count)
  }

  #popFrame(): unknown[] {
    const frame = this.#stack
    this.#stack = this.#outer.pop() ?? damaged('has no mark where it needs one')
    return frame
  }

  #tuple(): void {
    const items = this.#popFrame()
    this.#push(items)
  }

  #append(items: readonly unknown[]): void {
    const list = this.#top()
    if (!Array.isArray(list)) damaged('appends to what is no list')
    for (const item of items) list.push(item)
  }

  #setItems(items: readonly unknown[]): void {
    const dict = this.#top()
    if (!(dict instanceof Map)) damaged('sets an item of what is no dict')
    if (items.length % 2 === 1) damaged('sets a key without a value')
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1])
  }

  #memoized(key: number): unknown {
    if (!this.#memo.has(key)) damaged('recalls what it never kept')
    return this.#memo.get(key)
  }

  #long(): number {
    const count = this.#view.getUint8(this.#take(1))
    const start = this.#take(count)
    if (count > 8) damaged('has a number past 64 bits')
    let value = 0n
    for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.#bytes[start + i])
    const signed = BigInt.asIntN(8 * count, value)
    if (!Number.isSafeInteger(Number(signed))) damaged('has a number past 2^53')
    return Number(signed)
  }

  #reduce(): void {
    const args = this.#pop()
    const name = this.#pop()
    if (!(name instanceof PickleName) || !Array.isArray(args)) {
      damaged('calls what is no function')
    }
    this.#pushObject(() => this.#rules.call(name.path, args))
  }

  /** Ignores attributes besides the items (`_metadata` of a state dict). */
  #build(): void {
    this.#pop()
    if (!(this.#top() instanceof Map)) damaged('sets attributes of what is no dict')
  }

  #persistent(): void {
    const id = this.#pop()
    this.#pushObject(() => this.#rules.persistent(id))
  }

  #name(): void {
    const path = `${this.#line()}.${this.#line()}`
    this.#rules.admit(path)
    this.#stack.push(new PickleName(path))
  }

  read(): PickleEnd {
    const view = this.#view
    for (let instruction = 0; instruction < MAX_INSTRUCTIONS; instruction++) {
      const opcode = this.#bytes[this.#take(1)]
      switch (opcode) {
        case OP.PROTO: {
          const protocol = this.#bytes[this.#take(1)]
          if (protocol !== 2) damaged(`has protocol ${protocol}; torch writes 2`)
          break
        }
        case OP.STOP:
          return { value: this.#pop(), bytes: this.#at }
        case OP.MARK:
          if (this.#outer.push(this.#stack) > MAX_DEPTH) damaged('is too deep')
          this.#stack = []
          break
        case OP.NONE:
          this.#push(null)
          break
        case OP.NEWTRUE:
        case OP.NEWFALSE:
          this.#push(opcode === OP.NEWTRUE)
          break
        case OP.BININT:
          this.#push(view.getInt32(this.#take(4), true))
          break
        case OP.BININT1:
          this.#push(view.getUint8(this.#take(1)))
          break
        case OP.BININT2:
          this.#push(view.getUint16(this.#take(2), true))
          break
        case OP.LONG1:
          this.#push(this.#long())
          break
        case OP.BINFLOAT:
          this.#push(view.getFloat64(this.#take(8)))
          break
        case OP.BINUNICODE:
          this.#push(this.#string(view.getUint32(this.#take(4), true)))
          break
        case OP.EMPTY_TUPLE:
        case OP.EMPTY_LIST:
          this.#push([])
          break
        case OP.EMPTY_DICT:
          this.#pushObject(() => new Map())
          break
        case OP.TUPLE:
          this.#tuple()
          break
        case OP.TUPLE1:
        case OP.TUPLE2:
        case OP.TUPLE3:
          this.#push(this.#popMany(opcode - OP.TUPLE1 + 1))
          break
        case OP.APPEND:
          this.#append(this.#popMany(1))
          break
        case OP.APPENDS:
          this.#append(this.#popFrame())
          break
        case OP.SETITEM:
          this.#setItems(this.#popMany(2))
          break
        case OP.SETITEMS:
          this.#setItems(this.#popFrame())
          break
        case OP.BINPUT:
          this.#memo.set(view.getUint8(this.#take(1)), this.#top())
          break
        case OP.LONG_BINPUT:
          this.#memo.set(view.getUint32(this.#take(4), true), this.#top())
          break
        case OP.BINGET:
          this.#push(this.#memoized(view.getUint8(this.#take(1))))
          break
        case OP.LONG_BINGET:
          this.#push(this.#memoized(view.getUint32(this.#take(4), true)))
          break
        case OP.GLOBAL:
          this.#name()
          break
        case OP.REDUCE:
          this.#reduce()
          break
        case OP.BUILD:
          this.#build()
          break
        case OP.BINPERSID:
          this.#persistent()
          break
        default: {
          const code = opcode.toString(16).padStart(2, '0')
          damaged(`has an instruction (0x${code}) that torch does not write`)
        }
      }
    }
    return damaged('is longer than one of tensors can be')
  }
}

/**
 * Reads a pickle (CPython's Lib/pickletools.py) of protocol 2, in the instructions that torch.save writes. It is data
 * only: names are handed to `rules` as text, and there is nothing here that could run them.
 *
 * @throws FailureError `damaged-file`, and whatever `rules` throws
 */
export function readPickle(bytes: Uint8Array, rules: PickleRules): PickleEnd {
  return new PickleReader(bytes, rules).read()
}
