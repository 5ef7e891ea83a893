import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CorpusEngine, Variant } from '../core/corpus/corpusEngine'
import { distanceColumn, ownColumn } from '../core/corpus/records/records'
import type { RunSettings } from '../core/corpus/runSettings'
import { NO_FILTERS } from '../core/measures/neighbor'
import { NORMS, type Norm } from '../core/measures/norm'
import { createCorpusEngine } from '../engine/corpusEngine'
import { createNodeRuntime } from '../engine/forward/nodeRuntime'
import { type OpenedModel, openModel } from '../engine/openedModel'
import { readModelFiles } from '../engine/sources/nodeFolder'
import { measureSequence, PAGE_LIMITS } from './run/measureSequence'
import { choosePositions } from './run/sequencePlan'
import { createSubstituteCache } from './run/substituteCache'

/** Describes the file that training/reference_corpus.py writes. */
interface CorpusReference {
  readonly model: { readonly sha256: string }
  readonly cases: readonly CorpusCase[]
}

interface CorpusCase {
  readonly name: string
  readonly text: string
  readonly inputIds: readonly number[]
  /** Candidates; `substitutes` and `shifts` have one entry for each. */
  readonly positions: readonly number[]
  readonly substitutes: readonly number[]
  readonly shifts: Readonly<Record<Norm, readonly number[]>>
  readonly leastImpactful: Readonly<Record<Norm, readonly number[]>>
  readonly logits: readonly number[]
  readonly propagation: readonly (Measured & { readonly position: number })[]
  readonly pair: Measured & { readonly positions: readonly number[] }
  readonly perturbations: Readonly<Record<'mask' | 'delete' | 'swap', Measured>> & {
    readonly position: number
  }
  /** [n, L+1] */
  readonly ranks: readonly (readonly number[])[]
  /** Position, layer, and how many tokens have so nearly the same cosine that fp32 may order them otherwise. */
  readonly nearTies: readonly (readonly [number, number, number])[]
}

interface Measured {
  readonly shift: Readonly<Record<Norm, number>>
  readonly distances: readonly number[]
  /** D_l at the changed positions; null where none was. */
  readonly own: readonly number[] | null
  readonly logits: readonly number[]
}

const ROOT = new URL('../../', import.meta.url)
const MODEL = fileURLToPath(new URL('public/models/bert-imdb-l12-h384', ROOT))
const { model: referenceModel, cases } = JSON.parse(
  readFileSync(new URL('fixtures/corpus.reference.json', ROOT), 'utf8'),
) as CorpusReference

/** Settings with the paper's five least impactful positions, and without random draws. */
const SETTINGS: RunSettings = {
  seed: 0,
  sampleSize: cases.length,
  norm: 'l2',
  filters: NO_FILTERS,
  cleanHtml: false,
  leastImpactful: 5,
  randomPositions: 0,
  perturbations: [],
  neighborRank: 2,
  pairs: 0,
  leastImpactfulPairs: 0,
  learnedTexts: 0,
  readings: 0,
}

const RELATIVE = 1e-4
const MASK = '[MASK]'

/** Compares relative to the expected value, and absolutely below `floor`, where fp32 has no digits left. */
function expectClose(actual: number, expected: number, floor: number, what: string): void {
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), floor)
  expect(error, `${what}: ${actual} against ${expected}`).toBeLessThan(RELATIVE)
}

function substituted(
  { inputIds, positions, substitutes }: CorpusCase,
  changed: readonly number[],
): readonly number[] {
  return inputIds.map((id, at) => (changed.includes(at) ? substitutes[positions.indexOf(at)] : id))
}

describe('a corpus run against PyTorch', () => {
  let model: OpenedModel
  let engine: CorpusEngine

  beforeAll(async () => {
    model = await openModel(createNodeRuntime(), await readModelFiles(MODEL))
    engine = createCorpusEngine(model)
  })
  afterAll(() => model.release())

  it('uses the model that the reference was made from', async () => {
    expect(model.info.provenance.sha256).toBe(referenceModel.sha256)
    expect(cases).toHaveLength(20)
  })

  it('reads the texts as the same ids', async () => {
    const { inputIds, truncated } = await engine.encodeTexts(
      cases.map(({ text }) => text),
      { ids: true },
    )
    expect(inputIds.map((ids) => Array.from(ids))).toEqual(cases.map((reference) => reference.inputIds))
    expect(truncated).toEqual(cases.map(() => false))
  })

  it.each(cases)('finds the least impactful positions of $name', async (reference) => {
    const { inputIds, positions, shifts } = reference
    const tokenIds = positions.map((position) => inputIds[position])
    const { ids } = await engine.substitutes({ tokenIds, k: 1, filters: NO_FILTERS })
    expect(Array.from(ids)).toEqual(reference.substitutes)

    const found = await engine.shifts(inputIds, substituted(reference, positions))
    expect(found).toHaveLength(3 * inputIds.length)
    for (const [column, norm] of NORMS.entries()) {
      const shiftAt = (position: number) => found[3 * position + column]
      for (const [i, position] of positions.entries()) {
        expectClose(shiftAt(position), shifts[norm][i], 0.01, `${norm} at ${position}`)
      }
      const { leastImpactful } = choosePositions(
        { sequence: 0, inputIds, candidates: positions, substitutable: positions, shifts: found },
        { ...SETTINGS, norm },
      )
      expect(leastImpactful).toEqual(reference.leastImpactful[norm])
      // Positions that keep their token do not move.
      expect(shiftAt(0)).toBe(0)
      expect(shiftAt(inputIds.length - 1)).toBe(0)
    }
  })

  it.each(cases)('records the candidates and the propagation of $name', async (reference) => {
    const { inputIds, propagation } = reference
    const { layers, labels } = model.info
    const { occurrences, perturbations } = await measureSequence(
      {
        engine,
        settings: SETTINGS,
        layers,
        labels,
        prediction: 'softmax',
        limits: PAGE_LIMITS,
        cache: createSubstituteCache(engine, SETTINGS),
        framingIds: new Set(await engine.framingIds()),
        ordinaryIds: [],
        maskId: null,
      },
      { sequence: 0, row: 0, inputIds, truncated: false },
    )
    expect(Array.from(occurrences.columns.position)).toEqual(reference.positions)
    expect(Array.from(occurrences.columns.substitute_id)).toEqual(reference.substitutes)
    const { columns } = perturbations
    expect(Array.from(columns.position)).toEqual(propagation.map(({ position }) => position))
    expect(Array.from(columns.rank)).toEqual(propagation.map((_, i) => i + 1))
    for (const [row, { shift, distances, own }] of propagation.entries()) {
      for (const norm of NORMS) expectClose(columns[`shift_${norm}`][row], shift[norm], 0.01, norm)
      for (const [layer, distance] of distances.entries()) {
        expectClose(columns[distanceColumn(layer)][row], distance, 1e-3, `rank ${row + 1}: D_${layer}`)
        const expected = own?.[layer] ?? Number.NaN
        expectClose(columns[ownColumn(layer)][row], expected, 1e-3, `rank ${row + 1}: own D_${layer}`)
      }
    }
  })

  it.each(cases)('measures the changes of $name', async (reference) => {
    const { inputIds, propagation, pair, perturbations, logits } = reference
    const { position } = perturbations
    const maskId = (await engine.maskId()) ?? Number.NaN
    expect((await engine.vocabulary())[maskId]).toBe(MASK)
    const swapped = inputIds.with(position, inputIds[position + 1]).with(position + 1, inputIds[position])
    const changes: readonly (readonly [string, Variant, Measured])[] = [
      ...propagation.map(
        (expected, i) =>
          [`rank ${i + 1}`, { inputIds: substituted(reference, [expected.position]) }, expected] as const,
      ),
      ['pair', { inputIds: substituted(reference, pair.positions) }, pair],
      // Among the others, so that a shorter sequence in between upsets none of them.
      ['delete', { removed: position }, perturbations.delete],
      ['mask', { inputIds: inputIds.with(position, maskId) }, perturbations.mask],
      ['swap', { inputIds: swapped }, perturbations.swap],
    ]
    const found = await engine.measureVariants(
      inputIds,
      changes.map(([, variant]) => variant),
    )
    const states = model.info.layers + 1
    expect(found.distances).toHaveLength(changes.length * states)
    expect(found.shifts).toHaveLength(changes.length * NORMS.length)
    for (const [i, [what, , expected]] of changes.entries()) {
      for (const [column, norm] of NORMS.entries()) {
        expectClose(found.shifts[3 * i + column], expected.shift[norm], 0.01, `${what}: ${norm}`)
      }
      for (const [layer, distance] of expected.distances.entries()) {
        expectClose(found.distances[states * i + layer], distance, 1e-3, `${what}: D_${layer}`)
        const own = found.ownDistances[states * i + layer]
        if (expected.own === null) expect(own).toBeNaN()
        else expectClose(own, expected.own[layer], 1e-3, `${what}: D_${layer} at its own positions`)
      }
      for (const [label, logit] of expected.logits.entries()) {
        const after = found.logitsAfter?.[expected.logits.length * i + label] ?? Number.NaN
        expectClose(after, logit, 0.1, `${what}: logit ${label}`)
      }
    }
    for (const [label, logit] of logits.entries()) {
      expectClose(found.logitsBefore?.[label] ?? Number.NaN, logit, 0.1, `logit ${label} before`)
    }
  })

  it.each(cases)('ranks the tokens of $name in every layer', async ({ inputIds, ranks, nearTies }) => {
    const states = model.info.layers + 1
    const found = await engine.ranks(
      inputIds,
      inputIds.map((_, position) => position),
    )
    expect(found).toHaveLength(inputIds.length * states)
    const slack = new Map(nearTies.map(([position, layer, rows]) => [states * position + layer, rows]))
    const wrong = ranks.flat().flatMap((rank, cell) => {
      const off = Math.abs(found[cell] - rank)
      return off > (slack.get(cell) ?? 0) ? [{ cell, rank, found: found[cell] }] : []
    })
    expect(wrong).toEqual([])
  })
})
