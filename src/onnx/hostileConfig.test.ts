import { openAsBlob, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../core/failure'
import { openCheckpoint } from '../weights/checkpoint'
import { writeEncoderGraph } from './encoderGraph'
import { parseModelConfig } from './families'
import { writeWordTableGraph } from './tables/wordTableGraph'

const FIXTURES = new URL('../../fixtures/', import.meta.url)
const FOLDERS = readdirSync(FIXTURES).filter((name) => name.startsWith('tiny-'))
const MUTATIONS = 500

const STRANGE: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  0.5,
  3,
  7,
  2 ** 31 - 1,
  2 ** 53,
  1e308,
  -1e308,
  '',
  'constructor',
  '__proto__',
  [],
  ['x'],
  {},
  { rope_type: 'default' },
]

/** Returns a small seeded generator (mulberry32), so that every run tries the same. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

describe.each(FOLDERS)('%s with a config that is not its own', (folder) => {
  it(`is refused with a reason, or written, ${MUTATIONS} times`, async () => {
    const config: object = JSON.parse(readFileSync(new URL(`${folder}/config.json`, FIXTURES), 'utf8'))
    const weights = await openAsBlob(new URL(`${folder}/model.safetensors`, FIXTURES))
    const checkpoint = await openCheckpoint('model.safetensors', weights)
    const random = randomFrom(folder.length)
    const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]
    const keys = [...Object.keys(config), 'rope_parameters', 'rope_scaling']
    const rotary = STRANGE.flatMap((value) => [
      { rope_type: 'llama3', factor: value, low_freq_factor: 1, high_freq_factor: value },
      { rope_type: 'linear', factor: value, rope_theta: value },
      { full_attention: { rope_theta: value } },
    ])
    const values = [...STRANGE, ...rotary]
    const reasons = new Set<string>()
    for (let i = 0; i < MUTATIONS; i++) {
      const changed = Object.fromEntries(
        Array.from({ length: 1 + Math.floor(random() * 2) }, () => [oneOf(keys), oneOf(values)]),
      )
      try {
        const parsed = parseModelConfig({ ...config, ...changed })
        writeEncoderGraph(parsed, checkpoint)
        writeWordTableGraph(parsed, checkpoint)
      } catch (thrown) {
        const failure = failureOf(thrown)
        expect(failure.kind, `${JSON.stringify(changed)}: ${failure.message}`).toBe('unsupported-model')
        reasons.add(failure.message)
      }
    }
    expect(reasons.size).toBeGreaterThan(10)
  })
})
