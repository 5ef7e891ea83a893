import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { computeFigures } from '../core/corpus/figures/computeFigures'
import type { Estimate, LossFigure } from '../core/corpus/figures/figures'
import type { CorpusRun } from '../core/corpus/run'
import { DEFAULT_SETTINGS } from '../core/corpus/runLink'
import { LOSS_SHARES } from '../core/corpus/runSettings'
import { createCorpusEngine } from '../engine/corpusEngine'
import { createNodeRuntime } from '../engine/forward/nodeRuntime'
import { type OpenedModel, openModel } from '../engine/openedModel'
import { readModelFiles } from '../engine/sources/nodeFolder'
import { withCanonicalSubstitutes } from './run/canonicalSubstitutes'
import { PROCESSOR_LIMITS } from './run/measureSequence'
import { measureWhole } from './run/measureWhole'
import { createRun } from './run/newRun'
import { sampleCorpus } from './run/sample'

type Bounded = readonly [value: number, low: number, high: number]
type Name = 'accuracy' | 'f1' | 'auc' | 'flips' | 'divergence'

/** Describes the file that training/reference_loss.py writes; cells are places by shares. */
interface LossReference {
  readonly folder: string
  readonly seed: number
  readonly texts: readonly { readonly text: string; readonly label: string }[]
  readonly logits: {
    readonly before: readonly (readonly number[])[]
    readonly after: readonly (readonly (readonly number[])[])[]
  }
  readonly substituted: readonly (readonly number[])[]
  readonly divergence: readonly (readonly number[])[]
  readonly before: Readonly<Record<'accuracy' | 'f1' | 'auc', Bounded>>
  readonly cells: readonly Readonly<Record<Name, Bounded>>[]
  readonly area: Bounded
  readonly slices: readonly {
    readonly by: string
    readonly part: number
    readonly points: readonly { readonly n: number; readonly before: number; readonly accuracy: number }[]
    readonly area: Bounded
  }[]
}

const FIXTURES = new URL('../../fixtures/', import.meta.url)
const reference: LossReference = JSON.parse(readFileSync(new URL('loss.json', FIXTURES), 'utf8'))
const { texts } = reference

function expectBounded({ value, low, high }: Estimate, expected: Bounded, what: string): void {
  for (const [i, found] of [value, low, high].entries()) expect(found, what).toBeCloseTo(expected[i], 6)
}

describe('what a task loses, against PyTorch and scikit-learn', () => {
  let model: OpenedModel
  let run: CorpusRun
  let figure: LossFigure

  beforeAll(async () => {
    model = await openModel(
      createNodeRuntime(),
      await readModelFiles(fileURLToPath(new URL(reference.folder, FIXTURES))),
    )
    const engine = createCorpusEngine(model)
    const settings = {
      ...DEFAULT_SETTINGS,
      seed: reference.seed,
      sampleSize: texts.length,
      cleanHtml: false,
      leastImpactful: 0,
      randomPositions: 0,
      readings: 0,
      task: {
        column: 'label',
        map: [
          ['neg', 0],
          ['pos', 1],
        ],
      },
    } as const
    async function* batches() {
      yield { texts: texts.map((text, row) => ({ row, ...text })), bytesRead: 0 }
    }
    const sample = await sampleCorpus({ batches }, engine, { settings })
    // In the order of the file, which is that of the reference.
    const ordered = { ...sample, texts: sample.texts.toSorted((a, b) => a.row - b.row) }
    const origin = { name: 'texts', kind: 'file', column: 'text', sha256: null } as const
    run = await measureWhole(await createRun(engine, { settings, origin, sample: ordered }), {
      engine: withCanonicalSubstitutes(engine),
      limits: PROCESSOR_LIMITS,
      onProgress: () => {},
    })
    const { loss } = computeFigures(run, { norm: 'l2' })
    if (!loss) throw new Error('The run has no labels.')
    figure = loss
  }, 120_000)
  afterAll(() => model.release())

  it('substitutes the same tokens of every text, to the same logits', () => {
    const { columns, rows } = run.tables.losses
    const cells = reference.cells.length
    expect(rows).toBe(cells * texts.length)
    for (let row = 0; row < rows; row++) {
      const [text, cell] = [
        columns.sequence[row],
        columns.place[row] * LOSS_SHARES.length + (row % LOSS_SHARES.length),
      ]
      const [before, after] = [reference.logits.before[text], reference.logits.after[cell][text]]
      const target = texts[text].label === 'pos' ? 1 : 0
      expect(columns.target[row]).toBe(target)
      expect(columns.share[row]).toBe(LOSS_SHARES[row % LOSS_SHARES.length])
      expect(columns.substituted[row]).toBe(reference.substituted[cell][text])
      expect(columns.margin_before[row]).toBeCloseTo(before[target] - before[1 - target], 4)
      expect(columns.margin_after[row]).toBeCloseTo(after[target] - after[1 - target], 4)
      expect(columns.divergence[row]).toBeCloseTo(reference.divergence[cell][text], 5)
    }
  })

  it('has the accuracy, F1, AUC, flips and KL, with their intervals', () => {
    expect(figure.texts).toBe(texts.length)
    for (const name of ['accuracy', 'f1', 'auc'] as const) {
      expectBounded(figure.before[name], reference.before[name], `${name} before`)
    }
    const points = figure.curves.flatMap((curve) => curve.points)
    for (const [cell, expected] of reference.cells.entries()) {
      for (const name of ['accuracy', 'f1', 'auc', 'flips'] as const) {
        expectBounded(points[cell][name], expected[name], `${name} of ${cell}`)
      }
      const { value, low, high } = points[cell].divergence
      for (const [i, found] of [value, low, high].entries()) {
        expect(found).toBeCloseTo(expected.divergence[i], 5)
      }
    }
  })

  it('has the area between the curves, and the parts of the texts', () => {
    expectBounded(figure.area, reference.area, 'area')
    expect(figure.slices.map(({ by, part }) => [by, part])).toEqual(
      reference.slices.map(({ by, part }) => [by, part]),
    )
    for (const [i, expected] of reference.slices.entries()) {
      expectBounded(figure.slices[i].area, expected.area, `${expected.by} ${expected.part}`)
      for (const [cell, { n, before, accuracy }] of expected.points.entries()) {
        const point = figure.slices[i].points[cell]
        expect(point.n).toBe(n)
        expect(point.before).toBeCloseTo(before, 6)
        expect(point.accuracy).toBeCloseTo(accuracy, 6)
      }
    }
  })
})
