#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

// A run's own data is small, a sentence's worth at a time: V8 would let several times as much garbage lie first.
for (const flag of ['--heap-growing-percent=20', '--semi-space-growth-factor=1']) setFlagsFromString(flag)

const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const bundle = new URL('../dist-cli/ripplescope.js', import.meta.url)

if (!existsSync(bundle)) {
  console.error(
    `ripplescope: The command is not built yet. Run \`npm ci && npm run build\` in ${packageFolder} first.`,
  )
  process.exit(1)
}

// A reader that leaves, as `head` does, is no failure.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  throw error
})

const { version } = createRequire(import.meta.url)('../package.json')
const { runCli } = await import(bundle.href)

// A scheduler that wants its machine back asks with SIGTERM: what is under way is finished then, too.
const INTERRUPTS = ['SIGINT', 'SIGTERM']
const INTERRUPTED = 130

const code = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  packageFolder,
  version,
  batchThread: new URL('../dist-cli/batchThread.js', import.meta.url),
  onInterrupt(listener) {
    for (const signal of INTERRUPTS) process.on(signal, listener)
    return () => {
      for (const signal of INTERRUPTS) process.off(signal, listener)
    }
  },
  serve: async (options) => (await import('../scripts/serve.mjs')).serve(options),
})
// Whoever asks twice does not wait for what is under way.
if (code === INTERRUPTED) process.exit(code)
process.exitCode = code
