// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { chartToSvg, pngSize, svgToPng } from './chartExport'
import { exportColor, isTransparent } from './exportColor'
import { LayerCurve } from './line/LayerCurve'
import { RippleMap } from './ripple/RippleMap'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  document.head.replaceChildren()
})

const about = { title: 'Distance by layer', description: 'bert-imdb-l12-h384 <l2> & more' }

function svgOf(container: HTMLElement): SVGSVGElement {
  const svg = container.querySelector<SVGSVGElement>('.chart-focus > svg')
  if (svg === null) throw new Error('no chart was drawn')
  return svg
}

function parse(text: string): Document {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml')
  expect(parsed.querySelector('parsererror')).toBeNull()
  return parsed
}

function curve() {
  return render(
    <LayerCurve
      series={[{ id: 'a', label: 'is → are', color: 1, values: [1, 2, 3], active: true }]}
      yLabel="D, l2"
      width={600}
      height={200}
      title="curve"
    />,
  )
}

it('writes a file of its own: namespace, title, description, background, all of the drawing', () => {
  const { container } = curve()
  const text = chartToSvg(svgOf(container), about)
  const file = parse(text)
  expect(file.documentElement.namespaceURI).toBe('http://www.w3.org/2000/svg')
  expect(text.match(/xmlns=/g)).toHaveLength(1)
  expect(file.querySelector('svg > title')?.textContent).toBe(about.title)
  expect(file.querySelector('svg > desc')?.textContent).toBe(about.description)
  expect(file.querySelector('svg > rect')?.getAttribute('fill')).toBe('#ffffff')
  expect(file.querySelectorAll('circle')).toHaveLength(3)
  expect(file.documentElement.textContent).toContain('is → are')
})

it('leaves the page behind: no cursor, class, style, handler, clip or script', () => {
  const { container } = curve()
  const svg = svgOf(container)
  fireEvent.keyDown(screen.getByRole('slider'), { key: 'End' })
  expect(svg.querySelector('.chart-rule')).not.toBeNull()
  svg.append(document.createElementNS('http://www.w3.org/2000/svg', 'script'))
  svg.querySelector('path')?.setAttribute('onclick', 'alert(1)')
  const text = chartToSvg(svg, about)
  expect(parse(text).querySelectorAll('circle')).toHaveLength(3)
  expect(text).not.toMatch(/class=|\sstyle=|aria-|data-|onclick|clip-path|clipPath|script|var\(/)
  expect(svg.querySelector('.chart-rule')).not.toBeNull()
})

it('writes computed styles out, once where children inherit them', () => {
  const style = document.createElement('style')
  style.textContent =
    '.page { background: rgb(18, 20, 24) } .chart-line path { stroke: rgb(90, 180, 220); opacity: 0.5 }'
  document.head.append(style)
  const { container } = curve()
  container.className = 'page'
  const file = parse(chartToSvg(svgOf(container), about))
  const path = file.querySelector('path[opacity]')
  expect(path?.getAttribute('stroke')).toBe('rgb(90, 180, 220)')
  expect(path?.getAttribute('opacity')).toBe('0.5')
  expect(path?.hasAttribute('fill')).toBe(false)
  expect(file.querySelector('svg > rect')?.getAttribute('fill')).toBe('rgb(18, 20, 24)')
})

it('shows the legend of a ripple map below it', () => {
  const { container } = render(
    <RippleMap
      values={Float32Array.of(0, 1, 2, 9)}
      layers={2}
      positions={2}
      tokens={['a', 'b']}
      chosen={[1]}
      width={300}
      colors={{ low: '#ffffff', high: '#000000' }}
    />,
  )
  const svg = svgOf(container)
  const height = Number(svg.getAttribute('height'))
  const file = parse(chartToSvg(svg, about))
  const footer = file.querySelector('linearGradient')?.parentElement
  expect(footer?.getAttribute('transform')).toBe(`translate(0,${height})`)
  expect(footer?.hasAttribute('display')).toBe(false)
  const id = file.querySelector('linearGradient')?.id
  expect(footer?.querySelector('rect')?.getAttribute('fill')).toBe(`url(#${id})`)
  expect(Number(file.documentElement.getAttribute('height'))).toBeGreaterThan(height + 26)
  expect(file.querySelectorAll('path[fill="rgb(0, 0, 0)"]')).toHaveLength(1)
})

it('gives colours in a form that every reader knows', () => {
  expect(exportColor('color(srgb 0.5 0 1)')).toBe('rgb(128, 0, 255)')
  expect(exportColor('color(srgb 1 1 1 / 0.25)')).toBe('rgba(255, 255, 255, 0.25)')
  expect(exportColor('none')).toBe('none')
  expect([isTransparent('rgba(0, 0, 0, 0)'), isTransparent('transparent'), isTransparent('#fff')]).toEqual([
    true,
    true,
    false,
  ])
})

it('sizes a picture by its scale, within what a canvas may have', () => {
  const svg = (width: number) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="100"/>`
  expect(pngSize(svg(300), 2)).toEqual({ width: 600, height: 200 })
  expect(pngSize(svg(10_000), 2).width).toBe(16_384)
  expect(() => pngSize('<svg xmlns="http://www.w3.org/2000/svg"/>', 2)).toThrow('no size')
})

it('says what to do when the browser cannot draw the picture, and frees the file', async () => {
  const revokeObjectURL = vi.fn()
  vi.stubGlobal('URL', { createObjectURL: () => 'blob:chart', revokeObjectURL })
  vi.stubGlobal(
    'Image',
    class {
      src = ''
      decode() {
        return Promise.reject(new DOMException('broken', 'EncodingError'))
      }
    },
  )
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'
  await expect(svgToPng(svg, 2)).rejects.toMatchObject({
    failure: { kind: 'internal', advice: 'Save the chart as SVG instead.' },
  })
  expect(revokeObjectURL).toHaveBeenCalledWith('blob:chart')
})
