import { spawn } from 'node:child_process'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Environment } from './environment'
import { runCli } from './program'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const TINY = fileURLToPath(new URL('../../fixtures/tiny-bert', import.meta.url))
export const REVIEWS = fileURLToPath(new URL('../../public/corpora/short-reviews.jsonl', import.meta.url))

/** Environment with a fixed time, so that runs can be compared byte for byte. */
export const ENV = { SOURCE_DATE_EPOCH: '1700000000' }

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  /** Width of the terminal; absent: no terminal. */
  readonly columns?: number
  readonly serve?: Environment['serve']
  readonly onInterrupt?: Environment['onInterrupt']
}

/** Runs the command in this process, with its streams in memory. */
export async function command(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const { stdin = '', env = ENV, columns } = options
  const terminal = columns === undefined ? {} : { isTTY: true, columns }
  const stdout = Object.assign(new PassThrough({ highWaterMark: 2 ** 30 }), terminal)
  const said: string[] = []
  const code = await runCli(args, {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout,
    stderr: { write: (line) => said.push(line) },
    env,
    packageFolder: ROOT,
    version: '1.2.3',
    onInterrupt: options.onInterrupt ?? (() => () => {}),
    serve: options.serve ?? (() => Promise.reject(new Error('nothing is served'))),
  })
  stdout.end()
  return { code, stdout: await text(stdout), stderr: said.join('') }
}

/** Runs the built command in a separate process. */
export function spawnCommand(args: readonly string[]) {
  const child = spawn(process.execPath, [`${ROOT}bin/ripplescope.mjs`, ...args], {
    env: { ...process.env, ...ENV },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = Promise.all([
    new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal }))
    }),
    text(child.stdout),
    text(child.stderr),
  ]).then(([{ code, signal }, stdout, stderr]) => ({ code, signal, stdout, stderr }))
  return { child, ended }
}
