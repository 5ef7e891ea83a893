import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ARTIFACT, RECORD, sha256Of, sourcesSha256 } from '../tokenizers-wasm/build.mjs'

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
