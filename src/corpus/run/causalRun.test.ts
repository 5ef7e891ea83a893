import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { causalFigure } from '../../core/corpus/figures/causalFigure'
import { concatTables, emptyTables } from '../../core/corpus/records/recordBuilder'
import { causalColumn } from '../../core/corpus/records/records'
import { DEFAULT_SETTINGS } from '../../core/corpus/runLinkSchema'
import type { RunSettings } from '../../core/corpus/runSettings'
import { CARRIERS, type Carrier } from '../../core/measures/patchSweep'
import { createCorpusEngine } from '../../engine/corpusEngine'
import { createNodeRuntime } from '../../engine/forward/nodeRuntime'
import { languageModelFiles } from '../../engine/languageModelFixture'
import { type OpenedModel, openModel } from '../../engine/openedModel'
import { readModelFiles } from '../../engine/sources/nodeFolder'
import { createFakeEngine, INFO, SETTINGS } from '../fakeEngineFixture'
import { measureSequence, PAGE_LIMITS, PROCESSOR_LIMITS, readVocabulary } from './measureSequence'
import { createSubstituteCache } from './substituteCache'

type Shares = Readonly<Record<Carrier, readonly number[]>>

interface Reference {
  readonly models: readonly {
    readonly folder: string
    readonly head: 'labels' | 'tokens'
    readonly layers: number
    readonly n: number
    readonly texts: readonly {
      readonly inputIds: readonly number[]
      readonly changes: readonly {
        readonly position: number
        readonly tokenId: number
        readonly effect: number
        readonly restored: Shares | null
        readonly transferred: Shares | null
      }[]
    }[]
    readonly means: Readonly<Record<'restored' | 'transferred', Shares>>
  }[]
}

const at = (path: string) => fileURLToPath(new URL(`../../../fixtures/${path}`, import.meta.url))
const { models } = JSON.parse(readFileSync(at('causal.json'), 'utf8')) as Reference

const CAUSAL_ONLY: RunSettings = {
  ...DEFAULT_SETTINGS,
  leastImpactful: 20,
  randomPositions: 0,
  perturbations: [],
  readings: 0,
}

/** Error of an outcome in float32, whatever the effect: a fifth of what the tests of patching allow. */
const OUTCOME_ROUNDING = 2e-5

/**
 * Expects numbers within 1e-4, relative to those above 1. Of a small effect the rounding of the outcome is a larger share:
 * then the patched outcome itself has to be near. Means are held to 1e-4 in any case.
 */
function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  what: string,
  effect = Number.POSITIVE_INFINITY,
): void {
  expect(actual, what).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(actual[i] - value) / Math.max(1, Math.abs(value))
    expect(error, `${what} at ${i}: ${actual[i]} against ${value}`).toBeLessThan(
      Math.max(1e-4, OUTCOME_ROUNDING / Math.abs(effect)),
    )
  }
}

describe.each(models)(
  'a run over texts, of $folder against PyTorch',
  ({ folder, head, layers, n, texts, means }) => {
    const opened: OpenedModel[] = []
    afterAll(() => Promise.all(opened.map((model) => model.release())))

    async function open() {
      const files = await (head === 'tokens' ? languageModelFiles(folder) : readModelFiles(at(folder)))
      const model = await openModel(createNodeRuntime(1), files)
      opened.push(model)
      return model
    }

    it.each(['restored', 'transferred'] as const)(
      'gives the share of every effect that is %s',
      async (causal) => {
        const engine = createCorpusEngine(await open())
        const settings = { ...CAUSAL_ONLY, causal }
        const { labels } = await engine.info()
        const cache = createSubstituteCache(engine, settings)
        const parts = [emptyTables(layers, settings)]
        for (const [sequence, { inputIds, changes }] of texts.entries()) {
          const tables = await measureSequence(
            {
              ...(await readVocabulary(engine)),
              ...{ engine, settings, layers, labels, cache },
              limits: sequence % 2 === 0 ? PROCESSOR_LIMITS : { ...PAGE_LIMITS, maxPatchedTokensPerCall: 20 },
            },
            { sequence, row: sequence, inputIds, truncated: false },
          )
          parts.push(tables)
          const { rows, columns } = tables.perturbations
          expect(rows).toBe(changes.length)
          for (let row = 0; row < rows; row++) {
            const change = changes.find(({ position }) => position === columns.position[row])
            expect(columns.substitute_id[row]).toBe(change?.tokenId)
            expectClose([columns.effect[row]], [change?.effect ?? Number.NaN], 'effect')
            const known = change?.[causal]
            for (const part of CARRIERS) {
              const found = Array.from(
                { length: layers + 1 },
                (_, layer) => columns[causalColumn(part, layer)][row],
              )
              if (known) expectClose(found, known[part], `${part} of ${change?.position}`, change?.effect)
              else expect(found.every(Number.isNaN)).toBe(true)
            }
          }
        }
        const figure = causalFigure(concatTables(parts), { seed: 7, resamples: 1000 })
        expect(figure?.kinds).toHaveLength(1)
        const [kind] = figure?.kinds ?? []
        const all = texts.flatMap(({ changes }) => changes)
        expect(kind).toMatchObject({
          n,
          texts: texts.length,
          leftOut: all.length - n,
          place: 'least-impactful',
        })
        for (const part of CARRIERS) {
          expectClose(
            kind.layers.map((layer) => layer[part].mean),
            means[causal][part],
            `mean of ${part}`,
          )
          for (const { [part]: mean } of kind.layers) {
            expect(mean.low).toBeLessThanOrEqual(mean.mean + 1e-6)
            expect(mean.high).toBeGreaterThanOrEqual(mean.mean - 1e-6)
          }
        }
        // The whole layer carries everything, by definition.
        for (const { whole } of kind.layers) expect(whole.mean).toBeCloseTo(1, 3)
      },
    )
  },
)

describe('the records of a run', () => {
  const ids = [1, ...Array.from({ length: 12 }, (_, i) => 20 + i), 2]

  async function measured(changes: Partial<RunSettings>) {
    const engine = createFakeEngine()
    const settings = { ...SETTINGS, ...changes }
    const tables = await measureSequence(
      {
        ...(await readVocabulary(engine)),
        ...{ engine, settings, layers: INFO.layers, labels: INFO.labels, limits: PROCESSOR_LIMITS },
        cache: createSubstituteCache(engine, settings),
      },
      { sequence: 0, row: 0, inputIds: ids, truncated: false },
    )
    return { engine, tables }
  }

  it('have shares beside what they have without, which stays as it is', async () => {
    const without = await measured({})
    expect(without.engine.calls.map(({ method }) => method)).not.toContain('carriedShares')
    expect(Object.keys(without.tables.perturbations.columns)).not.toContain('effect')
    const { tables } = await measured({ causal: 'restored' })
    for (const [name, column] of Object.entries(without.tables.perturbations.columns)) {
      expect(tables.perturbations.columns[name]).toEqual(column)
    }
    const { perturbations } = tables
    const left = { deleted: 0, rounding: 0, told: 0 }
    for (let row = 0; row < perturbations.rows; row++) {
      const { effect, perturbation } = perturbations.columns
      const share = perturbations.columns.causal_whole_2[row]
      if (perturbation[row] === 4) {
        left.deleted++
        expect([effect[row], share]).toEqual([Number.NaN, Number.NaN])
      } else if (Math.abs(effect[row]) < 0.1) {
        left.rounding++
        expect(share).toBeNaN()
      } else {
        left.told++
        expect(share).toBe(1)
      }
    }
    expect(Math.min(...Object.values(left))).toBeGreaterThan(0)
    const kinds = causalFigure(tables, { seed: 7, resamples: 0 })?.kinds ?? []
    expect(kinds.map(({ perturbation }) => perturbation)).not.toContain('delete')
    expect(kinds.reduce((sum, { leftOut }) => sum + leftOut, 0)).toBe(left.rounding)
    expect(kinds.reduce((sum, { n }) => sum + n, 0)).toBe(left.told)
    // Of one text there is no interval.
    expect(kinds[0].layers[1].own.low).toBeNaN()
    expect(causalFigure(without.tables, { seed: 7, resamples: 0 })).toBeNull()
  })
})
