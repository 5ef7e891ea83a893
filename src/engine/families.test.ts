import { openAsBlob } from 'node:fs'
import * as ortWeb from 'onnxruntime-web/wasm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseModelConfig } from '../onnx/families'
import { type Checkpoint, openShards, type StoredTensor } from '../weights/checkpoint'
import {
  FAMILY_FOLDERS,
  type FamilyCase,
  type FamilyFixture,
  familyFile,
  readFamilyJson,
} from './familyFixture'
import type { Encoding } from './forward/encoder'
import { createNodeRuntime } from './forward/nodeRuntime'
import type { Runtime } from './forward/runtime'
import { createWebRuntimes } from './forward/webRuntime'
import { sha256Of } from './modelFiles'
import { type ModelParts, openParts } from './modelParts'
import { nodeTokenizers } from './tokenizer/nodeTokenizers'
import { createTokenizer } from './tokenizer/tokenizer'

const RELATIVE = 1e-4

/**
 * Compares every number relative to the largest of its row: an entry near zero is a difference of large ones, whose
 * rounding error it has.
 */
function expectRowClose(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(actual.length, what).toBe(expected.length)
  const scale = Math.max(...expected.map(Math.abs), 1e-3)
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(actual[i] - value) / scale
    expect(error, `${what}, entry ${i}: ${actual[i]} against ${value}`).toBeLessThan(RELATIVE)
  }
}

/** Returns the same tensors under the names of a bare model's file. */
function withoutPrefix(checkpoint: Checkpoint, prefix: string): Checkpoint {
  const tensors = new Map<string, StoredTensor>()
  for (const [name, tensor] of checkpoint.tensors) {
    if (!name.startsWith(prefix)) continue
    const bare = name.slice(prefix.length)
    tensors.set(bare, { ...tensor, name: bare })
  }
  return { ...checkpoint, tensors }
}

/** Returns sum_k h[k] cos(k + 1), computed as in training/reference_families.py. */
function checkSum(row: Float32Array): number {
  return row.reduce((sum, value, k) => sum + value * Math.cos(k + 1), 0)
}

const WASM_FILES = new URL('../../node_modules/onnxruntime-web/dist/', import.meta.url).href

const RUNTIMES: readonly Runtime[] = [
  createNodeRuntime(1),
  createWebRuntimes(ortWeb, { runtimeUrl: WASM_FILES, threads: 1 }).wasm,
]

const MODELS = FAMILY_FOLDERS.flatMap((folder) =>
  RUNTIMES.map((runtime) => ({ folder, device: runtime.device, runtime })),
)

describe.each(MODELS)('$folder on $device against transformers', ({ folder, runtime }) => {
  const { model, cases } = readFamilyJson<FamilyFixture>(folder, 'reference.json')
  const settings = readFamilyJson<object>(folder, 'config.json')
  const configFor = (className: string) => parseModelConfig({ ...settings, architectures: [className] })
  const config = configFor(model.classifier)
  const { width, vocabularySize } = config
  let checkpoint: Checkpoint
  let classifier: ModelParts
  let spelledOut: ModelParts
  let languageModel: ModelParts
  let bare: ModelParts

  beforeAll(async () => {
    const shards = ['model.safetensors', `${model.head}.safetensors`].map(async (name) => ({
      name,
      blob: await openAsBlob(familyFile(folder, name)),
    }))
    checkpoint = await openShards(await Promise.all(shards))
    const open = (className: string, weights = checkpoint, fusedAttention = true) =>
      openParts({ ...runtime, fusedAttention }, runtime, configFor(className), weights)
    classifier = await open(model.classifier)
    spelledOut = await open(model.classifier, checkpoint, false)
    languageModel = await open(model.languageModel)
    bare = await open(model.base, withoutPrefix(checkpoint, model.prefix))
  })
  afterAll(async () => {
    for (const parts of [classifier, spelledOut, languageModel, bare]) await parts.release()
  })

  const substituted = ({ inputIds, substitution: { position, tokenId } }: FamilyCase) =>
    inputIds.with(position, tokenId)

  function expectStates({ hiddenStates, norms }: Encoding, expected: FamilyCase): void {
    expect(hiddenStates).toHaveLength(config.layers + 1)
    for (const [layer, states] of hiddenStates.entries()) {
      const n = expected.inputIds.length
      const rows = expected.inputIds.map((_, i) => states.subarray(i * width, (i + 1) * width))
      expectRowClose(norms.subarray(layer * n, (layer + 1) * n), expected.norms[layer], `norms of h_${layer}`)
      for (const [i, row] of rows.entries()) {
        const error = Math.abs(checkSum(row) - expected.checkSums[layer][i]) / expected.norms[layer][i]
        expect(error, `check sum of h_${layer} at ${i}`).toBeLessThan(RELATIVE)
        if (expected.hiddenStates) expectRowClose(row, expected.hiddenStates[layer][i], `h_${layer} at ${i}`)
      }
    }
  }

  /** Returns the expected numbers of the same weights without a classifier. */
  const withoutClassifier = (expected: FamilyCase): FamilyCase =>
    expected.bare ? { ...expected, ...expected.bare, hiddenStates: undefined } : expected

  it('is the model that the fixture was made from', async () => {
    expect(await sha256Of(checkpoint.files[0].blob)).toBe(model.sha256)
    expect(config.family).toBe(model.family)
    expect(cases.filter(({ hiddenStates }) => hiddenStates)).toHaveLength(1)
  })

  it('has the head that its class names, and a name for each label', () => {
    expect(classifier.head).toBe('classification')
    expect(classifier.labels).toEqual(['LABEL_0', 'LABEL_1', 'LABEL_2'])
    expect(languageModel.head).toBe(model.head)
    expect(languageModel.labels).toEqual([])
    expect(bare.head).toBe('none')
  })

  it('has a tokenizer that can be read', async () => {
    const tokenizer = createTokenizer(
      await nodeTokenizers(),
      {
        tokenizer: readFamilyJson<object>(folder, 'tokenizer.json'),
        tokenizerConfig: readFamilyJson<object>(folder, 'tokenizer_config.json'),
      },
      { maxPositions: 10_000, vocabularySize },
    )
    const whole = cases.filter(({ truncated }) => !truncated)
    expect(whole.length).toBeGreaterThan(0)
    for (const { text, inputIds } of whole) {
      expect(tokenizer.framed(tokenizer.contentIds(text)).inputIds).toEqual(inputIds)
    }
  })

  it.each(cases)('gives h_0..h_L, D_l and the labels of $name', async (expected) => {
    for (const parts of [classifier, spelledOut]) {
      const original = await parts.encoder.encode(expected.inputIds)
      expectStates(original, expected)
      const changed = await parts.encoder.encode(substituted(expected), original.hiddenStates)
      const { byPosition, distances, logits } = expected.substitution
      const n = expected.inputIds.length
      for (const [layer, row] of byPosition.entries()) {
        const moved = changed.distances.subarray(layer * n, (layer + 1) * n)
        expectRowClose(moved, row, `ripple of layer ${layer}`)
        expect(Math.abs(Math.hypot(...moved) / distances[layer] - 1), `D_${layer}`).toBeLessThan(RELATIVE)
      }
      expectRowClose(original.logits ?? [], expected.logits, 'logits before')
      expectRowClose(changed.logits ?? [], logits, 'logits after')
      expect(original.tokenLogits).toBeNull()
    }
  })

  it.each(cases)('gives the scores of tokens for $name', async ({ inputIds, tokenLogits, ...expected }) => {
    const { encoder } = languageModel
    const {
      tokenLogits: actual,
      logits,
      ...encoding
    } = await encoder.encode(inputIds, undefined, tokenLogits.positions)
    const whole = withoutClassifier({ inputIds, tokenLogits, ...expected })
    expectStates({ ...encoding, logits, tokenLogits: actual }, whole)
    expect(logits).toBeNull()
    expect(actual).toHaveLength(tokenLogits.positions.length * vocabularySize)
    for (const [i, best] of tokenLogits.best.entries()) {
      const row = actual?.subarray(i * vocabularySize, (i + 1) * vocabularySize) ?? new Float32Array()
      const norm = Math.hypot(...row)
      expect(row.indexOf(Math.max(...row))).toBe(best)
      expect(Math.abs(norm / tokenLogits.norms[i] - 1)).toBeLessThan(RELATIVE)
      expect(Math.abs(checkSum(row) - tokenLogits.checkSums[i]) / norm).toBeLessThan(RELATIVE)
      if (tokenLogits.values)
        expectRowClose(row, tokenLogits.values[i], `scores at ${tokenLogits.positions[i]}`)
    }
    expect((await encoder.encode(inputIds)).tokenLogits).toHaveLength(0)
  })

  it('reads the file of a bare model', async () => {
    const encoding = await bare.encoder.encode(cases[0].inputIds)
    expectStates(encoding, withoutClassifier(cases[0]))
    expect(encoding.logits).toBeNull()
    expect(encoding.tokenLogits).toBeNull()
  })

  it('finds the neighbours and how far they move the embedding', async () => {
    const { inputIds, neighbors } = cases.find(({ neighbors }) => neighbors) ?? cases[0]
    if (!neighbors) throw new TypeError('no case has neighbours')
    const places = inputIds.map((tokenId, position) => ({ tokenId, position }))
    const rows = await classifier.wordTable.candidates(places, neighbors.k + 1, [])
    for (const [i, row] of rows.entries()) {
      const others = row.filter(({ tokenId }) => tokenId !== inputIds[i]).slice(0, neighbors.k)
      expect(others.map(({ tokenId }) => tokenId)).toEqual(neighbors.ids[i])
      expectRowClose(
        others.map(({ cosine }) => cosine),
        neighbors.cosines[i],
        'cosines',
      )
      const { l1, l2, linf } = others[0].shift
      for (const [j, value] of [l1, l2, linf].entries()) {
        expect(Math.abs(value / neighbors.shifts[i][j] - 1), 'shift').toBeLessThan(RELATIVE)
      }
    }
    const nearest = neighbors.ids.map(([id]) => id)
    const shifts = await (await classifier.shiftTable()).shifts(inputIds, nearest)
    for (const [i, row] of neighbors.shifts.entries()) {
      expectRowClose(shifts.subarray(3 * i, 3 * i + 3), row, `shifts at ${i}`)
    }
  })

  it.each(cases)('reads the hidden states of $name as tokens', async (expected) => {
    const { position, closest } = expected.substitution
    const { hiddenStates } = await classifier.encoder.encode(substituted(expected))
    const rows = new Float32Array(hiddenStates.length * width)
    for (const [layer, states] of hiddenStates.entries()) {
      rows.set(states.subarray(position * width, (position + 1) * width), layer * width)
    }
    const found = await classifier.wordTable.closest(rows, closest.ids[0].length)
    expect(found.map((row) => row.map(({ tokenId }) => tokenId))).toEqual(closest.ids)
    for (const [layer, row] of found.entries()) {
      expectRowClose(
        row.map(({ cosine }) => cosine),
        closest.cosines[layer],
        'cosines',
      )
      const state = rows.subarray(layer * width, (layer + 1) * width)
      const ids = closest.ids[layer]
      const repeated = Float32Array.from(ids.flatMap(() => [...state]))
      const ranks = await (await classifier.rankTable()).ranks(repeated, ids)
      expect([...ranks]).toEqual(ids.map((_, i) => i + 1))
    }
  })
})
