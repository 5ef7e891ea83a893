// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type {
  EffectFigure,
  FrequencyFigure,
  IdentifiabilityFigure,
  LayerStatistic,
  PairsFigure,
  PerturbationsFigure,
  PropagationFigure,
} from '../../core/corpus/figures/figures'
import { CommonnessChart } from './CommonnessChart'
import { EffectChart } from './EffectChart'
import { FrequencyBars } from './FrequencyBars'
import { IdentifiabilityChart } from './IdentifiabilityChart'
import { PairsChart } from './PairsChart'
import { PerturbationsChart } from './PerturbationsChart'
import { PropagationChart } from './PropagationChart'

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(700)
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null)
})
afterEach(cleanup)

const nameOf = (id: number) => `token${id}`
const { NaN: nan } = Number
const correlation = (coefficient: number) => ({ coefficient, p: 0.01, n: 20 })
const press = (name: string, ...keys: string[]) => {
  const chart = screen.getByRole('slider', { name })
  for (const key of keys) fireEvent.keyDown(chart, { key })
  const said = chart.closest('.chart')?.querySelector('[aria-live]')?.textContent
  return said || chart.getAttribute('aria-valuetext')
}
function rowsOf(index = 0): string[][] {
  fireEvent.click(screen.getByRole('button', { name: 'Table' }))
  const table = screen.getAllByRole('table')[index]
  return within(table)
    .getAllByRole('row')
    .slice(1)
    .map((row) => Array.from(row.children, (cell) => cell.textContent ?? ''))
}

const statistic = (layer: number, mean: number, variance: number): LayerStatistic => ({
  layer,
  n: 50,
  mean,
  low: mean - 0.5,
  high: mean + 0.5,
  variance,
})

const frequency: FrequencyFigure = {
  sequences: 500,
  topShare: 0.9,
  tokens: [
    { tokenId: 3, counts: { l1: 9, l2: 1200, linf: 30 }, corpusShare: 0.042 },
    { tokenId: 4, counts: { l1: 0, l2: 7, linf: nan }, corpusShare: 0.001 },
  ],
  agreement: [{ norms: ['l2', 'linf'], pearson: correlation(0.9912), spearman: correlation(nan) }],
}

it('reads the counts of a token, states how norms agree, and has the same in its table', () => {
  render(<FrequencyBars figure={frequency} tokenName={nameOf} />)
  expect(screen.getByText('l2 and l∞: Pearson r 0.991, Spearman ρ –')).toBeTruthy()
  expect(screen.getByText(/n 500 reviews/)).toBeTruthy()
  expect(press('Least-impactful tokens by norm', 'ArrowRight')).toBe(
    'token3: l2 1,200, l1 9, l∞ 30; 4.20% of the corpus',
  )
  expect(rowsOf()[0]).toEqual(['token3', '1,200', '9', '30', '4.20%'])
})

const propagation: PropagationFigure = {
  ranks: [1, 2].map((rank) => ({ rank, layers: [statistic(0, rank, 0.1), statistic(1, 2 * rank, 0.4)] })),
  all: [statistic(0, 1.5, 0.3), statistic(1, 3, 0.9)],
}

it('reads all ranks at a layer with their intervals, and their variance', () => {
  render(<PropagationChart figure={propagation} />)
  expect(press('Propagation by rank: mean distance by layer', 'End')).toBe(
    'layer 1: rank 2 4.00 (3.50 to 4.50); rank 1 2.00 (1.50 to 2.50)',
  )
  expect(rowsOf()[1]).toEqual(['1', '2.00 (1.50 to 2.50)', '4.00 (3.50 to 4.50)'])
  fireEvent.click(screen.getByRole('radio', { name: 'variance' }))
  expect(press('Propagation by rank: variance of the distance by layer', 'Home')).toBe(
    'embedding layer: all ranks 0.300; rank 1 0.100; rank 2 0.100',
  )
})

const identifiability: IdentifiabilityFigure = {
  layers: [
    { layer: 0, n: 800, rate: 1, low: 0.99, high: 1, medianRank: 1 },
    { layer: 1, n: 800, rate: 0.125, low: 0.1, high: 0.15, medianRank: 230 },
  ],
}

it('reads the rate with its interval, or the median rank; the table has both', () => {
  render(<IdentifiabilityChart figure={identifiability} />)
  expect(press('Identifiability by layer', 'End')).toBe('layer 1: rate 12.5% (10.0% to 15.0%)')
  fireEvent.click(screen.getByRole('radio', { name: 'median rank' }))
  expect(press('Median rank of the own token by layer', 'End')).toBe('layer 1: median 230')
  expect(rowsOf()[1]).toEqual(['1', '12.5% (10.0% to 15.0%)', '230'])
})

it('draws two runs in one chart, by rank or all ranks, at their relative depth where layers differ', () => {
  const compared = { figure: propagation, names: ['small', 'large'], layers: [1, 2] } as const
  const { rerender } = render(<PropagationChart figure={propagation} compared={compared} />)
  expect(press('Propagation by rank: mean distance by layer', 'Home')).toMatch(
    /^embedding layer: .*small .*large /,
  )
  expect(screen.getByText('relative depth, layer l of L →')).toBeTruthy()
  fireEvent.click(screen.getByRole('radio', { name: '1' }))
  expect(screen.getByText(/mean D by layer, 95 % CI, rank 1/)).toBeTruthy()
  rerender(<PropagationChart figure={propagation} compared={{ ...compared, layers: [1, 1] }} />)
  expect(screen.queryByText(/relative depth/)).toBeNull()
  cleanup()
  render(<IdentifiabilityChart figure={identifiability} compared={{ ...compared, figure: null }} />)
  expect(press('Identifiability by layer', 'Home')).toBe('embedding layer: small 100.0% (99.0% to 100.0%)')
})

const pairs: PairsFigure = {
  kinds: [
    {
      place: 'random',
      layers: [{ layer: 0, n: 40, ratio: 0.9, low: 0.85, high: 0.95, superAdditiveShare: 0.25 }],
      effect: null,
    },
    {
      place: 'least-impactful',
      layers: [{ layer: 0, n: 20, ratio: 0.7, low: 0.6, high: 0.8, superAdditiveShare: 0 }],
      effect: null,
    },
  ],
  points: { sum: Float32Array.from([1, 2]), both: Float32Array.from([0.9, 2.5]) },
}

it('shows the ratio of pairs by layer and the pairs themselves', () => {
  render(<PairsChart figure={pairs} />)
  expect(press('Ratio of both changes to their sum, by layer', 'Home')).toBe(
    'embedding layer: random 0.900 (0.850 to 0.950); least impactful 0.700 (0.600 to 0.800)',
  )
  expect(
    press('Both changes together against their sum, at the last layer: random pairs', 'ArrowRight'),
  ).toBe('D(a) + D(b) 1.00, D(a+b), last layer 0.900')
  expect(rowsOf()[0]).toEqual([
    'emb',
    '0.900 (0.850 to 0.950) · 25.0% above',
    '0.700 (0.600 to 0.800) · 0.0% above',
  ])
})

const perturbations: PerturbationsFigure = {
  kinds: [
    {
      perturbation: 'nearest',
      n: 9,
      meanShift: 8,
      layers: [statistic(0, 8, 1)],
      flips: 0.1,
      meanChange: 0.02,
    },
    {
      perturbation: 'neighbor',
      n: 9,
      meanShift: 9,
      layers: [statistic(0, 9, 1)],
      flips: nan,
      meanChange: nan,
    },
  ],
}

it('names the perturbations and what each does to the prediction, where there is a head', () => {
  render(<PerturbationsChart figure={perturbations} neighborRank={10} />)
  expect(press('Mean distance by layer and perturbation', 'Home')).toMatch(
    /^embedding layer: nearest no. 10 9/,
  )
  const shares = screen.getByRole('table', { name: 'What each does to the prediction' })
  expect(within(shares).getByRole('row', { name: 'nearest 9 8.00 10.0% 0.0200' })).toBeTruthy()
  expect(within(shares).getByRole('row', { name: 'nearest no. 10 9 9.00 – –' })).toBeTruthy()
})

const effect: EffectFigure = {
  n: 2,
  flips: 0.5,
  points: {
    shift: Float32Array.from([8, 9]),
    lastDistance: Float32Array.from([1, 2]),
    change: Float32Array.from([0.25, 0.5]),
    flipped: Uint8Array.from([0, 1]),
    tokenIds: Uint32Array.from([3, 4]),
    rows: Uint32Array.from([0, 1]),
  },
  againstShift: { pearson: correlation(0.1), spearman: correlation(0.2) },
  againstLastDistance: { pearson: correlation(0.5), spearman: correlation(0.6) },
}

it('states the correlation of what is drawn and reads values, not their roots', () => {
  render(<EffectChart figure={effect} tokenName={nameOf} />)
  expect(screen.getByText(/^Pearson r 0.10 · Spearman ρ 0.20 · 50.0% flip the label · n 2$/)).toBeTruthy()
  expect(press('Change of the prediction against embedding shift', 'End')).toMatch(/^token4: .* 0\.500$/)
  fireEvent.click(screen.getByRole('radio', { name: 'against last layer' }))
  expect(screen.getByText('Pearson r 0.50 · Spearman ρ 0.60 · 50.0% flip the label · n 2')).toBeTruthy()
  expect(rowsOf()[1]).toEqual(['token4', '9.00', '2.00', '0.500', '1.00'])
})

it('says of scores what changes by how much, and speaks of no label', () => {
  render(<EffectChart figure={{ ...effect, flips: nan }} tokenName={nameOf} />)
  expect(screen.getByText(/a score, mean \|change\| \d\S* · n 2$/)).toBeTruthy()
  expect(rowsOf()[1]).toHaveLength(4)
  expect(screen.getByRole('columnheader', { name: '|change of score|' })).toBeTruthy()
  expect(document.body.textContent).not.toMatch(/flip|probability/)
})

it('draws the line through the bins only of the norm that is shown', () => {
  const figure = {
    norm: 'l2' as const,
    bins: [{ from: 0, to: 0.1, n: 2, mean: 9, low: 8, high: 10 }],
    regression: {
      slope: -2,
      intercept: 10,
      r: -0.3,
      p: 0.04,
      n: 30,
      band: [0, 1].map((x) => ({ x, y: 10 - 2 * x, low: 9 - 2 * x, high: 11 - 2 * x })),
    },
    points: { commonness: new Float32Array(0), shift: new Float32Array(0), tokenIds: new Uint32Array(0) },
  }
  const points = {
    of: 'types' as const,
    norm: 'l2' as 'l2' | 'l1',
    tokenIds: Uint32Array.from([1, 2]),
    commonness: Float32Array.from([0, 1]),
    shift: Float32Array.from([11, 7]),
    counts: Uint32Array.from([1, 400]),
    rows: Uint32Array.from([0, 1]),
  }
  const { rerender } = render(<CommonnessChart figure={figure} points={points} tokenName={nameOf} />)
  expect(screen.getByText('slope −2.00 · r −0.30 · n 30')).toBeTruthy()
  expect(document.querySelectorAll('.corpus-bin')).toHaveLength(1)
  expect(rowsOf(1)[1]).toEqual(['token2', '1.00', '7.00', '400'])
  rerender(<CommonnessChart figure={figure} points={{ ...points, norm: 'l1' }} tokenName={nameOf} />)
  expect(screen.queryByText('slope −2.00 · r −0.30 · n 30')).toBeNull()
})

it('makes the drawing complete before a button beside it saves it', () => {
  const points = {
    of: 'types' as const,
    norm: 'l2' as const,
    tokenIds: Uint32Array.from([1]),
    commonness: Float32Array.from([0.5]),
    shift: Float32Array.from([9]),
    counts: Uint32Array.from([1]),
    rows: Uint32Array.from([0]),
  }
  let saved = 0
  const save = () => {
    saved = document.querySelectorAll('.corpus-file-only path').length
  }
  render(
    <CommonnessChart
      figure={null}
      points={points}
      tokenName={nameOf}
      actions={
        <button type="button" onClick={save}>
          SVG
        </button>
      }
    />,
  )
  expect(document.querySelector('.corpus-file-only')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'SVG' }))
  expect(saved).toBe(1)
})

it.each([
  ['frequency', <FrequencyBars key="f" figure={null} tokenName={nameOf} />],
  ['commonness', <CommonnessChart key="c" figure={null} points={null} tokenName={nameOf} />],
  ['propagation', <PropagationChart key="p" figure={{ ranks: [], all: [] }} />],
  ['identifiability', <IdentifiabilityChart key="i" figure={{ layers: [] }} />],
  ['effect', <EffectChart key="e" figure={null} tokenName={nameOf} />],
  ['pairs', <PairsChart key="q" figure={null} />],
  ['perturbations', <PerturbationsChart key="k" figure={{ kinds: [] }} />],
])('says what to do where there is no figure of %s, and offers no empty table', (_name, chart) => {
  render(chart)
  expect(screen.getByText(/^Run a corpus/)).toBeTruthy()
  expect(screen.queryByRole('button')).toBeNull()
})

it('says that values are on their way while a run is on', () => {
  render(<PropagationChart figure={null} running emptyAction={<button type="button">Run</button>} />)
  expect(screen.getByText(/arrive with the first batch/)).toBeTruthy()
  expect(screen.queryByRole('button')).toBeNull()
})
