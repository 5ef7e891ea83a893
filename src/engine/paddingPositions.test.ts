import { openAsBlob, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_FILTERS } from '../core/measures/neighbor'
import { shiftBetween } from '../core/measures/shift'
import { FOREIGN, foreignSizes, readForeign } from '../onnx/foreign/foreignFixture'
import { createCorpusEngine } from './corpusEngine'
import { familyFile, readFamilyJson } from './familyFixture'
import { type ForeignModel, openForeignModel } from './foreign/foreignModel'
import { positionIdsOf } from './forward/countedPositions'
import { createNodeRuntime } from './forward/nodeRuntime'
import { type OpenedModel, openModel } from './openedModel'

/** Holds one substitution in a text with padding inside: transformers' own numbers. */
interface PaddingCase {
  readonly name: string
  readonly inputIds: readonly number[]
  readonly position: number
  readonly tokenId: number
  /** [L+1, n] */
  readonly norms: readonly (readonly number[])[]
  /** [L+1, n] */
  readonly byPosition: readonly (readonly number[])[]
  /** l1, l2, linf */
  readonly shift: readonly number[]
  /** Logits before and after. */
  readonly logits?: readonly (readonly number[])[]
}

interface PaddingModel {
  readonly paddingIdx: number
  readonly cases: readonly PaddingCase[]
}

/** Output of training/reference_positions.py. */
const FIXTURE = JSON.parse(
  readFileSync(new URL('../../fixtures/positions.json', import.meta.url), 'utf8'),
) as {
  readonly families: readonly (PaddingModel & { readonly folder: string })[]
  readonly onnx: readonly (PaddingModel & { readonly model: string })[]
}

const RELATIVE = 1e-4

function expectClose(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(actual.length, what).toBe(expected.length)
  const scale = Math.max(...expected.map(Math.abs))
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i] - value) / scale, `${what}, entry ${i}: ${actual[i]}`).toBeLessThan(RELATIVE)
  }
}

const runtime = createNodeRuntime(1)

describe.each(FIXTURE.families)('$folder with padding $paddingIdx inside a text', (fixture) => {
  const { folder, paddingIdx, cases } = fixture
  let model: OpenedModel

  beforeAll(async () => {
    model = await openModel(runtime, {
      id: folder,
      sha256: '',
      config: { ...readFamilyJson<object>(folder, 'config.json'), pad_token_id: paddingIdx },
      tokenizer: readFamilyJson<object>(folder, 'tokenizer.json'),
      tokenizerConfig: readFamilyJson<object>(folder, 'tokenizer_config.json'),
      weights: await openAsBlob(familyFile(folder, 'model.safetensors')),
      weightsName: 'model.safetensors',
    })
  })
  afterAll(() => model?.release())

  it.each(cases)('measures $name', async ({ inputIds, position, tokenId, ...expected }) => {
    const measured = await model.measure({ inputIds, substitutions: [{ position, tokenId }] })
    expectClose(measured.originalNorms, expected.norms.flat(), 'norms')
    expectClose(measured.distances, expected.byPosition.flat(), 'ripple')
    const { l1, l2, linf } = measured.shift
    expectClose([l1, l2, linf], expected.shift, 'shift')
    expectClose(measured.logits?.before ?? [], expected.logits?.[0] ?? [], 'logits before')
    expectClose(measured.logits?.after ?? [], expected.logits?.[1] ?? [], 'logits after')
  })

  it.each(cases)('has one shift everywhere: $name', async ({ inputIds, position, tokenId, shift }) => {
    const [neighbors] = await model.neighbors({
      inputIds,
      positions: [position],
      k: 2,
      filters: NO_FILTERS,
      also: [tokenId],
    })
    const asked = neighbors.at(-1)?.shift
    expectClose([asked?.l1 ?? 0, asked?.l2 ?? 0, asked?.linf ?? 0], shift, 'shift of a candidate')

    const engine = createCorpusEngine(model)
    const changed = inputIds.with(position, tokenId)
    const alone = await engine.shifts(inputIds, changed)
    expectClose(alone.slice(3 * position, 3 * position + 3), shift, 'shift without the encoder')
    for (const together of [false, true]) {
      const { shifts } = await engine.measureVariants(inputIds, [{ inputIds: changed }], { together })
      expectClose(shifts, shift, 'shift of a variant')
    }
  })

  it('gives every nearest neighbour the shift that measuring it gives', async () => {
    for (const { inputIds } of cases) {
      const positions = [...inputIds.keys()]
      const found = await model.neighbors({ inputIds, positions, k: 1, filters: NO_FILTERS })
      for (const position of positions) {
        const [{ tokenId, shift }] = found[position]
        const measured = await model.measure({ inputIds, substitutions: [{ position, tokenId }] })
        expect(Math.abs(shift.l2 / measured.shift.l2 - 1), `at ${position}`).toBeLessThan(RELATIVE)
      }
    }
  })
})

const files = FIXTURE.onnx.flatMap((fixture) =>
  FOREIGN.files
    .filter(
      ({ model, unfit, invalid, tolerance }) => model === fixture.model && !unfit && !invalid && !tolerance,
    )
    .map((foreign) => ({ ...fixture, file: foreign.file, foreign })),
)

describe.each(files)('$file with padding inside a text', ({ model: name, foreign, paddingIdx, cases }) => {
  const { layers, vocabularySize } = FOREIGN.models[name]
  let model: ForeignModel

  beforeAll(async () => {
    model = await openForeignModel(runtime, runtime, await readForeign(foreign), foreignSizes(name))
  })
  afterAll(() => model?.parts.release())

  it('finds by running it which token is not counted', async () => {
    const every = Array.from({ length: vocabularySize }, (_, id) => id)
    expect([...(await model.parts.uncounted(every))]).toEqual([paddingIdx])
  })

  it.each(cases)('measures $name', async ({ inputIds, position, tokenId, ...expected }) => {
    const { encoder, shiftTable, wordTable, uncounted } = model.parts
    const original = await encoder.encode(inputIds)
    expectClose(original.norms, expected.norms.flat(), 'norms')
    const changed = inputIds.with(position, tokenId)
    const { distances, hiddenStates } = await encoder.encode(changed, original.hiddenStates)
    expectClose(distances, expected.byPosition.flat(), 'ripple')
    const shifts = await (await shiftTable()).shifts(inputIds, changed)
    expectClose(shifts.slice(3 * position, 3 * position + 3), expected.shift, 'shift')

    const places = positionIdsOf(inputIds, await uncounted(inputIds))
    const last = inputIds.length - 1
    const place = { tokenId: inputIds[last], position: places[last] }
    const [[candidate]] = await wordTable.candidates([place], 0, [tokenId])
    const moved = await encoder.encode(inputIds.with(last, tokenId))
    if (tokenId !== paddingIdx) {
      const whole = shiftBetween(original.hiddenStates[0], moved.hiddenStates[0])
      expectClose([candidate.shift.l2], [whole.l2], 'shift of a candidate behind padding')
    }
    expect(hiddenStates).toHaveLength(layers + 1)
  })
})

it('leaves nothing out in files that do not count from the ids', async () => {
  for (const name of ['bert', 'gpt2', 'modernbert']) {
    const foreign = FOREIGN.files.find(({ model, unfit, invalid }) => model === name && !unfit && !invalid)
    if (!foreign) throw new Error(`no file of ${name}`)
    const { vocabularySize } = FOREIGN.models[name]
    const sizes = foreignSizes(name)
    const { parts } = await openForeignModel(runtime, runtime, await readForeign(foreign), sizes)
    expect((await parts.uncounted(Array.from({ length: vocabularySize }, (_, id) => id))).size).toBe(0)
    await parts.release()
  }
})
