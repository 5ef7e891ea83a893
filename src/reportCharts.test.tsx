// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { reportSections } from './cli/report/sections'
import { computeFigures } from './core/corpus/figures/computeFigures'
import type { Figures } from './core/corpus/figures/figures'
import type { FigureName } from './core/corpus/figures/figureTables'
import { scatterPoints } from './core/corpus/figures/scatterPoints'
import { fullRun } from './core/corpus/runFixture'
import { ready } from './state/resource'
import { createAppStore } from './state/store'
import { AppProvider } from './views/appContext'
import { CommonnessPanel } from './views/corpus/figures/CommonnessPanel'
import {
  CausalPanel,
  EffectPanel,
  FrequencyPanel,
  IdentifiabilityPanel,
  LearnedPanel,
  PairsPanel,
  PerturbationsPanel,
  PropagationPanel,
  ProxiesPanel,
} from './views/corpus/figures/FigurePanels'

/** Width of the report's drawings, px. */
const WIDTH = 680

const NAMES = new Map([
  [0, '[UNK]'],
  [1, 'film'],
  [2, 'good'],
])
const nameOf = (id: number) => NAMES.get(id) ?? `#${id}`

const PANELS: Readonly<Record<FigureName, (props: { readonly onSettings: () => void }) => ReactNode>> = {
  frequency: FrequencyPanel,
  commonness: CommonnessPanel,
  propagation: PropagationPanel,
  identifiability: IdentifiabilityPanel,
  effect: EffectPanel,
  pairs: PairsPanel,
  perturbations: PerturbationsPanel,
  proxies: ProxiesPanel,
  learned: LearnedPanel,
  causal: CausalPanel,
}

const run = fullRun()
const { header, counts, tables } = run
const computed = computeFigures(run, { norm: 'l2' })
/** Figures of the run; what so small a run cannot have is put in, and a name that depends on the run's settings. */
const figures: Figures = {
  ...computed,
  perturbations: computed.perturbations && {
    kinds: computed.perturbations.kinds.map((kind, i) =>
      i === 0 ? { ...kind, perturbation: 'neighbor' } : kind,
    ),
  },
  causal: {
    kinds: [
      {
        perturbation: 'nearest',
        place: 'least-impactful',
        n: 18,
        texts: 4,
        leftOut: 2,
        layers: [0, 1, 2].map((layer) => {
          const share = (mean: number) => ({ mean, low: mean - 0.1, high: mean + 0.1 })
          return {
            layer,
            own: share(1 - layer / 2),
            others: share(layer / 2),
            read: share(layer / 3),
            whole: { mean: 1, low: 1, high: 1 },
          }
        }),
      },
    ],
  },
  learned: {
    n: 20,
    texts: 4,
    layers: [0, 1, 2].map((layer) => ({
      layer,
      cosine: { rate: 0.9 - layer / 10, low: 0.5, high: 1 },
      l2: { rate: 0.8 - layer / 10, low: 0.4, high: 0.9 },
      learned: { rate: 0.95, low: 0.6, high: 1 },
      similarity: { mean: layer / 10, low: 0, high: 0.5 },
    })),
  },
  proxies: {
    kinds: [
      {
        perturbation: 'nearest',
        place: 'least-impactful',
        tokens: 1,
        series: [
          {
            measure: 'whole',
            effect: 'change',
            n: 250,
            texts: 50,
            layers: [0.1, 0.25, 0.4].map((spearman, layer) => ({
              layer,
              spearman,
              low: spearman - 0.06,
              high: spearman + 0.05,
              kendall: 0.7 * spearman,
              gainLow: 0.05,
              gainHigh: 0.15,
            })),
          },
        ],
      },
    ],
    overlaps: [],
  },
}

/** Returns a store that shows the run as the page does. */
function storeOfRun() {
  const store = createAppStore()
  store.setState(({ corpus }) => ({
    corpus: {
      ...corpus,
      run: ready({ header, hasTexts: false, tokenNames: [...NAMES] }),
      figures: ready(figures),
      scatter: ready(scatterPoints(tables, counts, { of: 'types', norm: 'l2' })),
      display: { ...corpus.display, norm: 'l2', of: 'types' },
    },
  }))
  return store
}

const ACROSS = ['x', 'x1', 'x2', 'cx', 'r']
const PLACES = [...ACROSS, 'd', 'y', 'y1', 'y2', 'cy', 'width', 'height', 'transform']

/** Returns what a drawing shows: its shapes with their places, and its words; not what only the page has. */
function shapesOf(svg: Element, places: readonly string[]): string[] {
  return Array.from(svg.querySelectorAll('path, circle, rect, line, text'))
    .filter((shape) => shape.closest('[data-export], clipPath') === null)
    .map((shape) => {
      const values = places.map((name) => `${name}=${shape.getAttribute(name)}`)
      return [shape.tagName, ...values, shape.tagName === 'text' ? shape.textContent : ''].join(' ')
    })
}

/** Draws a figure's panel of the page. */
function panelOf(name: FigureName, places: readonly string[]): string[][] {
  const Panel = PANELS[name]
  const { container } = render(
    <AppProvider store={storeOfRun()}>
      <Panel onSettings={() => undefined} />
    </AppProvider>,
  )
  return Array.from(container.querySelectorAll('svg[viewBox]'), (svg) => shapesOf(svg, places))
}

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(WIDTH)
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null)
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

describe('the report of a run and the page', () => {
  const sections = reportSections(figures, nameOf, header.settings)

  /** Returns the report's drawings of a figure. */
  const reportOf = (name: FigureName, places: readonly string[]) =>
    (sections.find((section) => section.name === name)?.drawings ?? []).map(({ svg }) => {
      const parsed = document.createElement('div')
      parsed.innerHTML = svg.text
      return shapesOf(parsed, places)
    })

  it('have the same figures', () => {
    expect(sections.map(({ name }) => name).sort()).toEqual(Object.keys(PANELS).sort())
  })

  it.each(['frequency', 'propagation', 'identifiability', 'perturbations', 'proxies'] as const)(
    'draw the same chart: %s',
    (name) => {
      const onPage = panelOf(name, PLACES)
      expect(onPage.flat().length).toBeGreaterThan(10)
      expect(reportOf(name, PLACES)).toEqual(onPage)
    },
  )

  it.each(['commonness', 'effect', 'pairs'] as const)(
    'draw the same points, which on the page may be taller and are on a canvas: %s',
    (name) => {
      const onPage = panelOf(name, ACROSS)
      const inReport = reportOf(name, ACROSS)
      expect(onPage).toHaveLength(inReport.length)
      expect(onPage.flat().some((shape) => shape.startsWith('text'))).toBe(true)
      for (const [i, shapes] of onPage.entries()) {
        expect(inReport[i]).toEqual(expect.arrayContaining(shapes))
      }
    },
  )
})
