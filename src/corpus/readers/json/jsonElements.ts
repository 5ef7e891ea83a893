/** Names a value of the outermost object that is an array or an object. */
export interface JsonMember {
  readonly name: string
  readonly bracket: string
}

/** Largest number of members; there are fewer columns. */
const MAX_MEMBERS = 10_000

/** Longest name of a member that is looked for. */
const MAX_NAME = 10_000

export interface JsonElement {
  /** Line of its first character, from 1. */
  readonly line: number
  /** Source text, not parsed; empty if `tooLong`. */
  readonly text: string
  readonly tooLong: boolean
}

/** Stands where a member's name does: each of several documents, one after another, is a row. */
export const DOCUMENTS = Symbol('documents')

const OPENER: Readonly<Record<string, string>> = { '}': '{', ']': '[' }

/**
 * Splits a JSON document into the source text of its rows, chunk by chunk, so that each can be parsed by itself and a
 * damaged one does not affect the others. Rows are the elements of an array or the values of an object: the outermost,
 * or one that is a value of the outermost object; or all documents of a file that holds several.
 */
export class JsonElements {
  private readonly open: string[] = []
  private inString = false
  private escaped = false
  private line = 1
  private closed = false
  private overrun = false
  private started = false
  private startLine = 1
  private carried = ''
  private tooLong = false
  /** Number of brackets that are open around a row; null before the rows begin. */
  private rowDepth: number | null
  /** True once the outermost array or object has ended. */
  private ended = false
  /** Bracket, `[` or `{`, of the value that holds the rows. */
  private holder = ''
  /** Latest text directly in the outermost object, with its escapes. */
  private name = ''
  /** Members found directly in the outermost object so far, before the rows. */
  readonly members: JsonMember[] = []
  /** First character behind the end of the outermost array or object, commas aside; null: none so far. */
  follower: string | null = null

  /** @param member name of the outermost object's value that holds the rows; null: the outermost array or object itself */
  constructor(
    private readonly member: string | null | typeof DOCUMENTS,
    private readonly limit: number,
  ) {
    this.rowDepth = member === DOCUMENTS ? 0 : null
  }

  push(chunk: string): JsonElement[] {
    const elements: JsonElement[] = []
    let from = 0
    const finish = (end: number) => {
      if (!this.started) return
      this.keep(chunk.slice(from, end))
      elements.push({ line: this.startLine, text: this.carried, tooLong: this.tooLong })
      this.forget()
    }
    const start = (index: number) => {
      if (this.started || this.closed || this.open.length !== this.rowDepth) return
      this.started = true
      this.startLine = this.line
      from = index
    }
    for (let i = 0; i < chunk.length; i++) {
      const char = chunk[i]
      if (char === '\n') {
        // What stands between documents and is none.
        if (this.rowDepth === 0 && this.open.length === 0) finish(i)
        this.line++
        // No JSON string holds a line break: one that does never closed, and ends here.
        this.inString = false
        this.escaped = false
      } else if (this.ended && this.rowDepth !== 0 && char !== ' ' && char !== '\t') {
        // The rows behind a bracket too many: said once, instead of lost in silence.
        if (!this.overrun && this.rowDepth !== null)
          elements.push({ line: this.line, text: chunk[i], tooLong: false })
        this.overrun = true
        if (char !== ',') this.follower ??= char
      } else if (this.inString) {
        if (this.escaped) this.escaped = false
        else if (char === '\\') this.escaped = true
        else if (char === '"') this.inString = false
        if (this.inString && this.open.length === 1 && this.name.length < MAX_NAME) this.name += char
      } else if (char === '"') {
        start(i)
        this.inString = true
        this.name = ''
      } else if (char === '{' || char === '[') {
        if (this.holdsRows(char)) this.rowDepth = this.open.length + 1
        else start(i)
        this.open.push(char)
      } else if (char === '}' || char === ']') {
        if (this.closes(char)) {
          finish(i)
          this.closed = true
        }
        start(i)
        this.close(char)
        if (this.rowDepth === 0 && this.open.length === 0) finish(i + 1)
      } else if (char === ',' && this.open.length === this.rowDepth) {
        finish(i)
      } else if (char === ':' && this.holder === '{' && this.open.length === this.rowDepth) {
        this.forget()
      } else if (char !== ' ' && char !== '\t' && char !== ',' && char !== ':') {
        start(i)
      }
    }
    if (this.started) this.keep(chunk.slice(from))
    return elements
  }

  /** Returns the element that began and never ended. */
  end(): JsonElement[] {
    if (!this.started) return []
    const element = { line: this.startLine, text: this.carried, tooLong: this.tooLong }
    this.forget()
    return [element]
  }

  private keep(text: string): void {
    if (!this.tooLong) this.carried += text
    if (this.carried.length > this.limit) {
      this.carried = ''
      this.tooLong = true
    }
  }

  private forget(): void {
    this.started = false
    this.carried = ''
    this.tooLong = false
  }

  private holdsRows(bracket: string): boolean {
    if (this.rowDepth !== null) return false
    const name = this.open.length === 1 && this.open[0] === '{' ? nameOf(this.name) : null
    if (name !== null && this.members.length < MAX_MEMBERS) this.members.push({ name, bracket })
    const holds = this.member === null ? this.open.length === 0 : name === this.member
    if (holds) this.holder = bracket
    return holds
  }

  /** Says whether a closing bracket ends the rows. */
  private closes(bracket: string): boolean {
    const index = this.open.lastIndexOf(OPENER[bracket])
    return !this.closed && this.rowDepth !== null && index >= 0 && index < this.rowDepth
  }

  /** Closes the innermost bracket of its kind, and all that are still open inside. */
  private close(bracket: string): void {
    const index = this.open.lastIndexOf(OPENER[bracket])
    if (index < 0) return
    this.open.length = index
    if (index === 0) this.ended = true
  }
}

function nameOf(source: string): string {
  try {
    return String(JSON.parse(`"${source}"`))
  } catch {
    return source
  }
}
