// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { FrequencyBars } from '../../charts/corpus/FrequencyBars'
import { PropagationChart } from '../../charts/corpus/PropagationChart'
import type { FrequencyFigure, LayerStatistic } from '../../core/corpus/figures/figures'
import { drawingFile, drawingsOf } from './drawing'

const HOSTILE = '</svg><script>alert("1")</script>\u0000&'
const frequency: FrequencyFigure = {
  sequences: 3,
  tokens: [{ tokenId: 1, counts: { l1: 2, l2: 3, linf: 1 }, corpusShare: 0.1 }],
  agreement: [],
  topShare: 1,
}
const layer = (index: number, mean: number): LayerStatistic => ({
  layer: index,
  n: 9,
  mean,
  low: mean - 1,
  high: mean + 1,
  variance: 1,
})

function parsed(file: string): Document {
  const document = new DOMParser().parseFromString(file, 'image/svg+xml')
  expect(document.querySelector('parsererror')).toBeNull()
  return document
}

describe('a chart of the page as a file', () => {
  it('holds the drawing alone, with the text of strangers as text', () => {
    const drawings = drawingsOf(<FrequencyBars figure={frequency} tokenName={() => HOSTILE} />)
    expect(drawings).toHaveLength(1)
    const document = parsed(drawingFile(drawings[0], HOSTILE))
    expect(document.querySelectorAll('script, button, input, foreignObject')).toHaveLength(0)
    // Three of the token, three of the key.
    expect(document.querySelectorAll('.corpus-bar')).toHaveLength(6)
    const written = '</svg><script>alert("1")</script>\ufffd&'
    expect(document.querySelector('svg > title')?.textContent).toBe(written)
    expect(document.querySelector('.corpus-token > title')?.textContent).toBe(written)
  })

  it('comes with the rules that its elements need, their colours written out', () => {
    const all = [layer(0, 2), layer(1, 3), layer(2, 4)]
    const [drawing] = drawingsOf(<PropagationChart figure={{ ranks: [{ rank: 1, layers: all }], all }} />)
    const css = drawing.rules.join('')
    expect(css).toContain('.chart-grid-line,.chart-axis-line{stroke: #e3e0d8;}')
    expect(css).toContain('.chart-band{fill: currentColor; fill-opacity: 0.13;}')
    expect(css).toMatch(/\.corpus-shade-1\{color: rgb\(\d+, \d+, \d+\);\}/)
    expect(css).not.toMatch(/var\(|color-mix|corpus-bar/)
    expect(parsed(drawingFile(drawing, 'D')).querySelectorAll('.chart-line path')).toHaveLength(1)
  })
})
