import { fail } from '../../core/failure'

/** Lists the functions of tokenizers-wasm/src/lib.rs. */
interface Exports {
  readonly memory: WebAssembly.Memory
  take(length: number): number
  give(pointer: number, length: number): void
  answer(): number
  answer_length(): number
  rows(): number
  open(pointer: number, length: number, splitSpecialTokens: number): number
  encode(text: number, length: number, pair: number, pairLength: number, isPair: number, add: number): number
  vocabulary(size: number): number
  added_tokens(): number
  id_of(pointer: number, length: number): number
  decode(pointer: number, count: number, skipSpecialTokens: number): number
}

/** Numbers in each row of an encoding: id, type id, sequence, start, end. */
const COLUMNS = 5
const NO_SEQUENCE = 0xffffffff

/** Longest reason of the crate's that a sentence repeats. */
const MAX_REASON = 200

/** Holds the tokens of a text or of a pair of texts, as Rust's `tokenizers` gives them. */
export interface Encoding {
  readonly ids: readonly number[]
  readonly typeIds: readonly number[]
  /**
   * Sequence of each token: 0 for the text, 1 for the pair's second text, null for tokens that the template puts in.
   */
  readonly sequences: readonly (number | null)[]
  /** UTF-16 offsets into the token's own text, end exclusive; both 0 for a token of the template. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly special: boolean
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function answerOf(wasm: Exports): string {
  return decoder.decode(new Uint8Array(wasm.memory.buffer, wasm.answer(), wasm.answer_length()))
}

/** Passes bytes to a function of the instance and frees the memory afterwards. */
function withBytes<T>(wasm: Exports, bytes: Uint8Array, work: (pointer: number, length: number) => T): T {
  const pointer = wasm.take(bytes.length)
  if (pointer === 0) throw new RangeError('there is no more memory for it')
  new Uint8Array(wasm.memory.buffer, pointer, bytes.length).set(bytes)
  const result = work(pointer, bytes.length)
  wasm.give(pointer, bytes.length)
  return result
}

/**
 * Holds one tokenizer of Rust's `tokenizers` in an instance of its own, whose memory goes with it. An instance that trapped
 * (a panic, no more memory) is thrown away, and the next call opens another.
 */
export class WasmTokenizer {
  private readonly json: Uint8Array
  private instance: Exports | null

  /**
   * @param module tokenizers.wasm, compiled
   * @param json `tokenizer.json`
   * @param splitSpecialTokens whether a text that spells a special token is cut like any other
   * @throws FailureError `unsupported-model` with the reason that the crate gives
   */
  constructor(
    private readonly module: WebAssembly.Module,
    json: object,
    private readonly splitSpecialTokens = false,
  ) {
    this.json = encoder.encode(JSON.stringify(json))
    this.instance = this.open()
  }

  private open(): Exports {
    const wasm = new WebAssembly.Instance(this.module, {}).exports as unknown as Exports
    this.run(wasm, 'tokenizer.json cannot be used', () =>
      withBytes(wasm, this.json, (pointer, length) =>
        wasm.open(pointer, length, Number(this.splitSpecialTokens)),
      ),
    )
    return wasm
  }

  /** Runs a function of an instance; its word for a failure is -1. */
  private run(wasm: Exports, what: string, work: () => number): number {
    let result = -1
    let trap = ''
    try {
      result = work()
    } catch (thrown) {
      if (!(thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError)) throw thrown
      this.instance = null
      trap = thrown.message
    }
    if (result >= 0) return result
    const reason = answerOf(wasm) || trap
    return fail('unsupported-model', `${what}: ${reason.slice(0, MAX_REASON)}`)
  }

  private call(work: (wasm: Exports) => number): { wasm: Exports; result: number } {
    this.instance ??= this.open()
    const wasm = this.instance
    return { wasm, result: this.run(wasm, 'The tokenizer stopped', () => work(wasm)) }
  }

  private answered<T>(work: (wasm: Exports) => number): T {
    return JSON.parse(answerOf(this.call(work).wasm)) as T
  }

  /**
   * Encodes a text, or a pair of texts.
   *
   * @throws FailureError `unsupported-model` where the tokenizer cannot cut this text
   */
  encode(text: string, pair: string | null, addSpecialTokens: boolean): Encoding {
    const { wasm, result: count } = this.call((wasm) =>
      withBytes(wasm, encoder.encode(text), (first, firstLength) =>
        withBytes(wasm, encoder.encode(pair ?? ''), (second, secondLength) =>
          wasm.encode(
            first,
            firstLength,
            second,
            secondLength,
            Number(pair !== null),
            Number(addSpecialTokens),
          ),
        ),
      ),
    )
    const rows = new Uint32Array(wasm.memory.buffer, wasm.rows(), count * COLUMNS)
    const columns = Array.from({ length: COLUMNS }, () => new Array<number>(count))
    for (let i = 0; i < rows.length; i++) columns[i % COLUMNS][Math.trunc(i / COLUMNS)] = rows[i]
    const [ids, typeIds, sequences, starts, ends] = columns
    return {
      ids,
      typeIds,
      sequences: sequences.map((sequence) => (sequence === NO_SEQUENCE ? null : sequence)),
      starts,
      ends,
    }
  }

  /** Returns the entries by id, `size` of them; empty for an id without one. */
  vocabulary(size: number): string[] {
    const entries = this.answered<(string | null)[]>((wasm) => wasm.vocabulary(size))
    return entries.map((entry) => entry ?? '')
  }

  /** Returns the added tokens by id, as the crate numbers them. */
  addedTokens(): AddedToken[] {
    const rows = this.answered<[number, string, boolean][]>((wasm) => wasm.added_tokens())
    return rows.map(([id, content, special]) => ({ id, content, special }))
  }

  /** Returns the id of a piece; null for one that the vocabulary lacks. */
  idOf(piece: string): number | null {
    const { result } = this.call(
      (wasm) => 1 + withBytes(wasm, encoder.encode(piece), (pointer, length) => wasm.id_of(pointer, length)),
    )
    return result === 0 ? null : result - 1
  }

  /** Returns the text of ids. */
  decode(ids: readonly number[], skipSpecialTokens = false): string {
    const bytes = new Uint8Array(Uint32Array.from(ids).buffer)
    const { wasm } = this.call((wasm) =>
      withBytes(wasm, bytes, (pointer) => wasm.decode(pointer, ids.length, Number(skipSpecialTokens))),
    )
    return answerOf(wasm)
  }
}
