import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../core/failure'
import { openTorchCheckpoint } from '../weights/torchCheckpoint'
import { createNodeRuntime } from './forward/nodeRuntime'
import type { ModelFiles } from './modelFiles'
import { mutateBytes, mutateJson, seededRandom } from './mutationFixture'
import { openModel } from './openedModel'

const MUTATIONS = 1_000
const LIMIT_MS = 5_000
const LIMIT_BYTES = 700e6

const fixture = (path: string) => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url))
const jsonOf = (name: string): unknown => JSON.parse(fixture(`tiny-bert/${name}`).toString('utf8'))

const runtime = createNodeRuntime(1)
const WEIGHTS = new Uint8Array(fixture('tiny-bert/model.safetensors'))
const FILES: ModelFiles = {
  id: 'tiny-bert',
  // One layer opens faster; the others' tensors are left over.
  config: { ...(jsonOf('config.json') as object), num_hidden_layers: 1 },
  tokenizer: jsonOf('tokenizer.json'),
  tokenizerConfig: jsonOf('tokenizer_config.json'),
  weights: new Blob([WEIGHTS]),
  weightsName: 'model.safetensors',
  sha256: '',
}

async function openAndMeasure(files: ModelFiles): Promise<void> {
  const model = await openModel(runtime, files)
  try {
    const { tokens } = model.tokenize('the film was good')
    const inputIds = tokens.map(({ id }) => id)
    if (inputIds.length > 0) await model.measure({ inputIds, substitutions: [] })
  } finally {
    await model.release()
  }
}

const usedBytes = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Opens each of many files with something wrong in them: each time a model, or a failure of a kind that says what to do. */
async function survive(
  seed: number,
  open: (random: () => number) => Promise<unknown>,
  kinds: readonly string[] = ['damaged-file', 'unsupported-model'],
) {
  const random = seededRandom(seed)
  const outcomes = new Map<string, number>()
  for (let i = 0; i < MUTATIONS; i++) {
    const before = usedBytes()
    const start = performance.now()
    const failure = await open(random).then(
      () => null,
      (thrown: unknown) => failureOf(thrown),
    )
    const kind = failure?.kind ?? 'opened'
    outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
    const note = `mutation ${i} of seed ${seed}: ${failure?.message}`
    expect(['opened', ...kinds], note).toContain(kind)
    expect(failure?.message.length ?? 0, note).toBeLessThan(1_000)
    expect(performance.now() - start, note).toBeLessThan(LIMIT_MS)
    expect(usedBytes() - before, note).toBeLessThan(LIMIT_BYTES)
  }
  return outcomes
}

describe('a file with something wrong in it', () => {
  it('opens as it is', async () => {
    await openAndMeasure(FILES)
  })

  it('ends in a sentence or a model: weights', async () => {
    const headerBytes = Number(new DataView(WEIGHTS.buffer).getBigUint64(0, true)) + 8
    const outcomes = await survive(1, async (random) => {
      const where = random() < 0.9 ? ([0, headerBytes] as const) : undefined
      await openAndMeasure({ ...FILES, weights: new Blob([mutateBytes(WEIGHTS, random, where)]) })
    })
    expect(outcomes.get('damaged-file')).toBeGreaterThan(MUTATIONS / 2)
  })

  it('ends in a sentence or a model: config.json', async () => {
    const outcomes = await survive(2, (random) =>
      openAndMeasure({ ...FILES, config: mutateJson(FILES.config, random) }),
    )
    expect(outcomes.get('unsupported-model')).toBeGreaterThan(MUTATIONS / 4)
  })

  it('ends in a sentence or a model: tokenizer.json', async () => {
    const outcomes = await survive(
      3,
      (random) =>
        openAndMeasure(
          random() < 0.8
            ? { ...FILES, tokenizer: mutateJson(FILES.tokenizer, random) }
            : { ...FILES, tokenizerConfig: mutateJson(FILES.tokenizerConfig, random) },
        ),
      // A tokenizer may speak of a token that the model has no row for: no text with it can be measured.
      ['unsupported-model', 'invalid-request'],
    )
    expect(outcomes.get('unsupported-model')).toBeGreaterThan(MUTATIONS / 10)
  })

  it.each([
    [4, 'f32.bin'],
    [5, 'views.bin'],
  ])('ends in a sentence or a checkpoint: torch.save, seed %i', async (seed, name) => {
    const bytes = new Uint8Array(fixture(`torch/${name}`))
    const text = Buffer.from(bytes).toString('latin1')
    const pickleEnd = text.indexOf('PK\x03\x04', 100)
    const directory = text.indexOf('PK\x01\x02')
    const places = [
      [0, pickleEnd],
      [directory, bytes.length],
      [bytes.length - 98, bytes.length],
    ] as const
    const outcomes = await survive(seed, (random) => {
      const where = random() < 0.9 ? places[Math.floor(random() * places.length)] : undefined
      return openTorchCheckpoint('pytorch_model.bin', new Blob([mutateBytes(bytes, random, where)]))
    })
    expect(outcomes.get('damaged-file')).toBeGreaterThan(MUTATIONS / 2)
  })
})
