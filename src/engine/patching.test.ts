import { openAsBlob } from 'node:fs'
import * as ortWeb from 'onnxruntime-web/wasm'
import { describe, expect, it } from 'vitest'
import type { LayerAnswers } from '../core/measures/layerAnswers'
import { effectShare, PATCH_DIRECTIONS } from '../core/measures/patching'
import { PATCHING } from '../core/measures/patchingFixture'
import { argmax } from '../core/measures/prediction'
import { FOREIGN, FOREIGN_POSITIONS, foreignNamed, readForeign } from '../onnx/foreign/foreignFixture'
import { FAMILY_FOLDERS, type FamilyFixture, familyFile, readFamilyJson } from './familyFixture'
import { openForeignModel } from './foreign/foreignModel'
import { createNodeRuntime } from './forward/nodeRuntime'
import type { Runtime } from './forward/runtime'
import { createWebRuntimes } from './forward/webRuntime'
import { languageModelFiles } from './languageModelFixture'
import type { ModelFiles } from './modelFiles'
import { type OpenedModel, openModel } from './openedModel'
import { nodeTokenizers } from './tokenizer/nodeTokenizers'

const RELATIVE = 1e-4

const WASM_FILES = new URL('../../node_modules/onnxruntime-web/dist/', import.meta.url).href
const node = createNodeRuntime(1)
const RUNTIMES: readonly Runtime[] = [
  node,
  {
    ...createWebRuntimes(ortWeb, { runtimeUrl: WASM_FILES, threads: 1 }).wasm,
    tokenizers: nodeTokenizers,
  },
]

/** Compares relative to the largest number expected: an entry near zero has the rounding error of the others. */
function expectClose(actual: readonly number[], expected: readonly number[], what: string): void {
  expect(actual, what).toHaveLength(expected.length)
  const scale = Math.max(...expected.map(Math.abs), 1)
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i] - value) / scale, `${what}: ${actual[i]} against ${value}`).toBeLessThan(
      RELATIVE,
    )
  }
}

async function classifierFiles(folder: string): Promise<ModelFiles> {
  const { model } = readFamilyJson<{ model: { sha256: string; classifier: string } }>(
    folder,
    'reference.json',
  )
  return {
    ...(await languageModelFiles(folder)),
    config: { ...readFamilyJson<object>(folder, 'config.json'), architectures: [model.classifier] },
    weights: await openAsBlob(familyFile(folder, 'model.safetensors')),
  }
}

/** Gives each of the fixture's runs to a model at once, by direction. */
async function patchedBy<Answer>(
  model: OpenedModel,
  { inputIds, substitution }: (typeof PATCHING.models)[number],
  runs: readonly {
    readonly direction: string
    readonly layer: number
    readonly positions: readonly number[]
    readonly answer: Answer
  }[],
  place: number | null,
) {
  const found = []
  for (const direction of PATCH_DIRECTIONS) {
    const expected = runs.filter((run) => run.direction === direction)
    const patches = expected.map(({ layer, positions }) => ({ layers: [layer], positions }))
    const request = { inputIds, substitutions: [substitution], direction, patches, place }
    found.push({ direction, expected, patched: await model.patch(request) })
  }
  return found
}

const CASES = PATCHING.models.flatMap((expected) =>
  RUNTIMES.map((runtime) => ({ folder: expected.folder, device: runtime.device, runtime, expected })),
)

it('has every family', () => {
  expect(PATCHING.models.map(({ folder }) => folder)).toEqual([...FAMILY_FOLDERS].sort())
})

describe.each(CASES)('$folder on $device with states of another run', ({ folder, runtime, expected }) => {
  const { inputIds, substitution, labels, tokens } = expected

  it('answers as a classifier as transformers does', async () => {
    const model = await openModel(runtime, await classifierFiles(folder))
    for (const { direction, expected: runs, patched } of await patchedBy(
      model,
      expected,
      labels.runs,
      null,
    )) {
      for (const [i, { logits, value }] of patched.runs.entries()) {
        const what = `${direction} ${runs[i].layer} at ${runs[i].positions}`
        expectClose(logits ?? [], runs[i].answer, what)
        expect(value).toBeCloseTo(
          (logits ?? [])[argmax(labels.lens[0].at(-1) ?? [])] - rivalOf(logits ?? []),
          10,
        )
      }
    }
    function rivalOf(logits: readonly number[]): number {
      const first = argmax(labels.lens[0].at(-1) ?? [])
      return logits[argmax((labels.lens[1].at(-1) ?? []).with(first, Number.NEGATIVE_INFINITY))]
    }
    const answers = await model.answersByLayer({ inputIds, substitutions: [substitution], place: null })
    if (answers.kind !== 'labels') throw new TypeError('no labels')
    for (const [i, side] of (['before', 'after'] as const).entries()) {
      for (const [layer, row] of labels.lens[i].entries()) {
        expectClose(answers.logits[side][layer], row, `head over h_${layer} ${side}`)
      }
    }
    await model.release()
  })

  it('answers as a language model as transformers does', async () => {
    const model = await openModel(runtime, await languageModelFiles(folder))
    const { place } = tokens
    for (const { direction, expected: runs, patched } of await patchedBy(
      model,
      expected,
      tokens.runs,
      place,
    )) {
      expect(patched.outcome).toBe('log-probability')
      expectClose([patched.before, patched.after], tokens.values, 'values')
      for (const [i, { value }] of patched.runs.entries()) {
        expectClose([value], [runs[i].answer], `${direction} ${runs[i].layer} at ${runs[i].positions}`)
      }
    }
    const answers: LayerAnswers = await model.answersByLayer({
      inputIds,
      substitutions: [substitution],
      place,
    })
    if (answers.kind !== 'token') throw new TypeError('no token')
    expect(answers.tokenId).toBe(tokens.expected)
    for (const [i, side] of (['before', 'after'] as const).entries()) {
      expectClose(answers.probability[side], tokens.lens[i].map(Math.exp), `head ${side}`)
    }
    await model.release()
  })
})

describe('a patch', () => {
  const { folder, inputIds, substitution, layers } = PATCHING.models[0]
  const all = [...inputIds.keys()]
  const substitutions = [substitution]

  it('of a whole layer gives the answer of the other text, of nothing that of its own', async () => {
    const model = await openModel(node, await classifierFiles(folder))
    for (const direction of PATCH_DIRECTIONS) {
      const patches = [
        ...[0, 1, layers].map((layer) => ({ layers: [layer], positions: all })),
        { layers: [], positions: [] },
        { layers: [...Array(layers + 1).keys()], positions: all },
      ]
      const patched = await model.patch({ inputIds, substitutions, direction, patches, place: null })
      const shares = patched.runs.map(({ value }) => effectShare(patched, value))
      expectClose(shares, [1, 1, 1, 0, 1], direction)
    }
    await model.release()
  })

  it('is read at the last token that is no padding, where a decoder counts padding', async () => {
    const files = await classifierFiles('tiny-llama')
    const ids = readFamilyJson<FamilyFixture>('tiny-llama', 'reference.json').cases[0].inputIds
    const padded = [...ids, 0, 0]
    const model = await openModel(node, {
      ...files,
      config: { ...(files.config as object), pad_token_id: 0 },
    })
    const change = { inputIds: padded, substitutions: [{ position: 2, tokenId: 150 }] }
    const patches = [
      { layers: [1], positions: [...padded.keys()] },
      { layers: [2], positions: [ids.length - 1] },
      { layers: [3], positions: [ids.length - 1] },
      { layers: [3], positions: [padded.length - 1] },
    ]
    const patched = await model.patch({ ...change, direction: 'restore', patches, place: null })
    const [whole, , last, padding] = patched.runs.map(({ value }) => effectShare(patched, value))
    expectClose([whole, last, padding], [1, 1, 0], 'shares')
    await model.release()
  })

  it('runs in as many forwards as it needs, with the same answers', async () => {
    const model = await openModel(node, await classifierFiles(folder))
    const patches = all.map((position) => ({ layers: [1], positions: [position] }))
    const many = Array.from({ length: 400 }, () => patches).flat()
    const request = { inputIds, substitutions, direction: 'restore' as const, place: null }
    const [few, all400] = [
      await model.patch({ ...request, patches }),
      await model.patch({ ...request, patches: many }),
    ]
    expect(all400.runs).toHaveLength(400 * all.length)
    expectClose(
      all400.runs.map(({ value }) => value),
      many.map((_, i) => few.runs[i % all.length].value),
      'runs',
    )
    await model.release()
  })

  it('is measured by D_L where no head answers, and where a mask covers the change', async () => {
    const model = await openModel(node, await languageModelFiles('tiny-masked-bert'))
    const masked = PATCHING.models.find((one) => one.folder === 'tiny-masked-bert') ?? PATCHING.models[0]
    const whole = [...masked.inputIds.keys()]
    const change = { inputIds: masked.inputIds, substitutions: [masked.substitution] }
    const { distances, layers: states, positions } = await model.measure(change)
    for (const place of [null, masked.substitution.position]) {
      const patches = [
        { layers: [1], positions: whole },
        { layers: [], positions: [] },
      ]
      const patched = await model.patch({ ...change, direction: 'restore', patches, place })
      expect(patched).toMatchObject({ outcome: 'distance', before: 0, token: null })
      const last = Math.hypot(...distances.subarray((states - 1) * positions))
      expect(patched.after / last).toBeCloseTo(1, 4)
      expectClose(
        patched.runs.map(({ value }) => value / last),
        [0, 1],
        'D_L',
      )
    }
    await model.release()
  })

  it('is refused outside of the text and the layers, and where there is none', async () => {
    const model = await openModel(node, await classifierFiles(folder))
    const request = { inputIds, substitutions, direction: 'restore' as const, place: null }
    const patch = (layer: number, position: number) =>
      model.patch({ ...request, patches: [{ layers: [layer], positions: [position] }] })
    await expect(patch(layers + 1, 0)).rejects.toThrow(/layer of/)
    await expect(patch(0, inputIds.length)).rejects.toThrow(/no position/)
    await expect(model.patch({ ...request, patches: [] })).rejects.toThrow(/nothing to patch/)
    const language = await openModel(node, await languageModelFiles(folder))
    await expect(language.answersByLayer({ inputIds, substitutions, place: null })).rejects.toThrow(
      /no place/,
    )
    await language.release()
    await expect(
      model.patch({ ...request, place: -1, patches: [{ layers: [0], positions: [0] }] }),
    ).rejects.toThrow(/no position/)
    await model.release()
  })

  it('is refused in words by an ONNX file of another exporter', async () => {
    const foreign = foreignNamed('gpt2.dynamo-18.onnx')
    const { layers, width, vocabularySize } = FOREIGN.models[foreign.model]
    const sizes = { layers, width, vocabularySize, maxPositions: FOREIGN_POSITIONS }
    const { parts } = await openForeignModel(node, node, await readForeign(foreign), sizes)
    const { hiddenStates } = await parts.encoder.encode([1, 2, 3])
    const refused = /cannot be put back into an ONNX file of another exporter/
    await expect(
      parts.encoder.encodePatched([1, 2, 3], hiddenStates, [{ layers: [0], positions: [0] }]),
    ).rejects.toThrow(refused)
    await expect(parts.encoder.applyHead([hiddenStates[0]], [1, 2, 3])).rejects.toThrow(refused)
    await parts.release()
  })
})
