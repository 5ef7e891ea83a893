import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

/** Where the command writes: a terminal, a pipe, a file, or a test's memory. */
export interface TextOutput {
  write(text: string): unknown
  readonly isTTY?: boolean
  /** Width of a terminal in characters. */
  readonly columns?: number
}

export interface ServeOptions {
  readonly root: string
  readonly port: number
  readonly host: string
}

export interface Served {
  readonly url: string
  close(): Promise<unknown>
}

/** Everything that the command takes from the process it runs in. */
export interface Environment {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: TextOutput & Writable
  readonly stderr: TextOutput
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder of the package: the built-in model and the built page lie under it. */
  readonly packageFolder: string
  readonly version: string
  /** What a thread that measures batches runs (batchThread); without it all is measured in this one. */
  readonly batchThread?: URL
  /** Calls back at each Ctrl-C until the function it gives is called. */
  onInterrupt(listener: () => void): () => void
  serve(options: ServeOptions): Promise<Served>
}

/** The text is measured, not drawn: nothing wider than this is easier to read. */
const MAX_WIDTH = 120
const DEFAULT_WIDTH = 80

export const widthOf = ({ columns }: TextOutput) => Math.min(columns || DEFAULT_WIDTH, MAX_WIDTH)

/** Whether colours are wanted (https://no-color.org). */
export function wantsColor(output: TextOutput, env: Environment['env']): boolean {
  if (env.NO_COLOR) return false
  return Boolean(output.isTTY) && env.TERM !== 'dumb'
}

/** Writes as fast as the reader takes it: no more is held than one line. */
export async function writeLines(
  output: Writable,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  for await (const line of lines) if (!output.write(line)) await once(output, 'drain')
}
