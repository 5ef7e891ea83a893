import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

/** Receives the command's output: a terminal, a pipe, a file, or a test's memory. */
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

/** Holds everything that the command takes from its process. */
export interface Environment {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: TextOutput & Writable
  readonly stderr: TextOutput
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder of the package, which contains the built-in model and the built page. */
  readonly packageFolder: string
  readonly version: string
  /** Script of a thread that measures batches (batchThread); if absent, this thread measures everything. */
  readonly batchThread?: URL
  /** Calls back at each Ctrl-C until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  serve(options: ServeOptions): Promise<Served>
}

/** Largest width of a text: nothing wider is easier to read. */
const MAX_WIDTH = 120
const DEFAULT_WIDTH = 80

export const widthOf = ({ columns }: TextOutput) => Math.min(columns || DEFAULT_WIDTH, MAX_WIDTH)

/** Says whether colours are wanted (https://no-color.org). */
export function wantsColor(output: TextOutput, env: Environment['env']): boolean {
  if (env.NO_COLOR) return false
  return Boolean(output.isTTY) && env.TERM !== 'dumb'
}

/** Writes as fast as the reader accepts it: at most one line is in memory. */
export async function writeLines(
  output: Writable,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  for await (const line of lines) if (!output.write(line)) await once(output, 'drain')
}
