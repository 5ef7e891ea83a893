import { openAsBlob, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../core/failure'
import { parseModelConfig } from '../onnx/families'
import { openShards } from '../weights/checkpoint'
import { familyFile, readFamilyJson } from './familyFixture'
import { createNodeRuntime } from './forward/nodeRuntime'
import { openParts } from './modelParts'

/** Output of training/reference_classifiers.py: transformers' own numbers and names. */
const FIXTURE = JSON.parse(
  readFileSync(new URL('../../fixtures/classifiers.json', import.meta.url), 'utf8'),
) as {
  readonly pooling: readonly {
    readonly folder: string
    readonly padTokenId: number | null
    readonly sequences: readonly (readonly number[])[]
    /** [sequences, labels] */
    readonly logits: readonly (readonly number[])[]
  }[]
  readonly labels: readonly { readonly config: object; readonly labels: readonly string[] }[]
  readonly refused: readonly { readonly folder: string; readonly config: object }[]
}

const RELATIVE = 1e-4
const runtime = createNodeRuntime(1)

function expectClose(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(actual.length, what).toBe(expected.length)
  const scale = Math.max(...expected.map(Math.abs))
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i] - value) / scale, `${what}, entry ${i}: ${actual[i]}`).toBeLessThan(RELATIVE)
  }
}

describe.each(FIXTURE.pooling)('$folder with padding $padTokenId', ({ folder, padTokenId, ...fixture }) => {
  it('reads the last token that is no padding, alone and in a batch', async () => {
    const settings = readFamilyJson<object>(folder, 'config.json')
    const weights = {
      name: 'model.safetensors',
      blob: await openAsBlob(familyFile(folder, 'model.safetensors')),
    }
    const config = parseModelConfig({ ...settings, pad_token_id: padTokenId })
    const { encoder, release } = await openParts(runtime, runtime, config, await openShards([weights]))
    const { sequences, logits } = fixture
    for (const [i, inputIds] of sequences.entries()) {
      const alone = await encoder.encode(inputIds)
      expectClose(alone.logits ?? [], logits[i], `logits of sequence ${i}`)
    }
    const [first, ...others] = sequences
    const { original, changed } = await encoder.encodeTogether(first, others)
    expectClose(original.logits ?? [], logits[0], 'logits of the original')
    expectClose(changed.logits ?? new Float32Array(), logits.slice(1).flat(), 'logits of the batch')
    await release()
  })
})

it('has decoders to read, with padding and without', () => {
  expect(new Set(FIXTURE.pooling.map(({ folder }) => folder)).size).toBeGreaterThan(15)
  expect(FIXTURE.refused.length).toBeGreaterThan(3)
})

describe('the names of labels', () => {
  const bert = readFamilyJson<object>('tiny-bert', 'config.json')

  it.each(FIXTURE.labels)('are those of transformers: $config', ({ config, labels }) => {
    const unnamed = { ...bert, id2label: undefined, label2id: undefined, num_labels: undefined }
    const read = parseModelConfig({ ...unnamed, ...config }).labels
    expect(labels.map((_, id) => read[id] ?? `LABEL_${id}`)).toEqual(labels)
  })
})

describe('pad_token_id', () => {
  it.each(FIXTURE.refused)(
    'is refused where transformers cannot count positions: $folder $config',
    (fixture) => {
      const settings = readFamilyJson<object>(fixture.folder, 'config.json')
      let failure: unknown
      try {
        parseModelConfig({ ...settings, ...fixture.config })
      } catch (thrown) {
        failure = thrown
      }
      expect(failureOf(failure)).toMatchObject({ kind: 'unsupported-model' })
      expect(failureOf(failure).message).toContain('pad_token_id')
    },
  )
})
