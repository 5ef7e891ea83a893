import type { Readable } from 'node:stream'
import * as v from 'valibot'
import { fail } from '../core/failure'
import { printable } from '../core/text/printable'

/** Reads lines of a stream as they arrive. Only a line feed ends one: a text may contain U+2028. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of input) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}

/**
 * Reads JSON objects, one per line, as they arrive; empty lines are skipped.
 *
 * @throws FailureError `invalid-request` that names the line
 */
export async function* objectsOf<T>(input: Readable, schema: v.GenericSchema<unknown, T>): AsyncGenerator<T> {
  let number = 0
  for await (const line of linesOf(input)) {
    number++
    if (line.trim() === '') continue
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      fail(
        'invalid-request',
        `Line ${number} of standard input is not JSON: ${printable(line.slice(0, 60))}.`,
      )
    }
    const parsed = v.safeParse(schema, value)
    if (!parsed.success) {
      const [issue] = parsed.issues
      fail(
        'invalid-request',
        `Line ${number} of standard input: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}.`,
      )
    }
    yield parsed.output
  }
}
