import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import {
  ARTIFACT,
  buildModule,
  RECORD,
  sha256Of,
  sourcesSha256,
  toolchain,
} from '../tokenizers-wasm/build.mjs'

const record = JSON.parse(readFileSync(RECORD, 'utf8'))
const artifact = readFileSync(ARTIFACT)

it('is the module that was recorded, built from the sources that are here', () => {
  expect(sha256Of(artifact)).toBe(record.sha256)
  expect(sourcesSha256()).toBe(record.sources)
})

it('asks for nothing, and holds no path of the machine that built it', async () => {
  const module = await WebAssembly.compile(artifact)
  expect(WebAssembly.Module.imports(module)).toEqual([])
  expect(artifact.toString('latin1')).not.toMatch(/\/(root|home|Users|usr\/src|work)\//)
})

/** Why it cannot be built here; empty where it can. */
function reasonNotToBuild() {
  try {
    const tools = JSON.stringify(toolchain())
    if (tools !== JSON.stringify(record.tools)) return `the tools here are ${tools}`
    execFileSync('cargo', ['fetch', '--locked', '--offline', '--target', 'wasm32-unknown-unknown'], {
      cwd: new URL('../tokenizers-wasm/', import.meta.url),
      stdio: 'ignore',
    })
    return ''
  } catch {
    return 'the Rust toolchain or its crates are not installed'
  }
}

/** A first build takes minutes of a processor, and others may want it. */
const reason = reasonNotToBuild()
it.skipIf(reason !== '')(
  `builds again to the same bytes${reason && ` (skipped: ${reason})`}`,
  () => {
    expect(sha256Of(buildModule({ offline: true }))).toBe(record.sha256)
  },
  3_600_000,
)
