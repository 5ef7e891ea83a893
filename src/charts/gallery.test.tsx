import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { LayerCurve } from './line/LayerCurve'
import { RippleMap } from './ripple/RippleMap'

/** Returns the drawing alone, one element a line. */
function drawingOf(markup: string): string {
  const svg = markup.slice(markup.indexOf('<svg'), markup.indexOf('</svg>') + 6)
  return `${svg.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ').replaceAll('><', '>\n<')}\n`
}

const { NaN: nan } = Number
const curves = {
  ordinary: [
    [9.16, 10.3, 9.9, 10.3, 10.9, 11.5, 11.1, 12.5, 13.4, 10.9, 9.5, 9.4, 6.9],
    [6.4, 8.7, 9.6, 10.1, 10.7, 11, 10.8, 13.1, 14.4, 12.1, 9.8, 9.7, 7.1],
    [5, 6.3, 6.9, 7.8, 7.4, 6.5, 5.8, 5.8, 5.5, 4.1, 3.3, 2.9, 2],
  ],
  empty: [],
  constant: [[4, 4, 4, 4]],
  missing: [[1, nan, 2, 3]],
}
const labels = ['wonderful → delightful', '“.” → “,”', 'is → are']

it.each(Object.entries(curves))('layer curve, %s', async (name, values) => {
  for (const width of [720, 358]) {
    const series = values.map((row, i) => ({
      id: labels[i],
      label: labels[i],
      color: i,
      values: row,
      active: i === 0,
    }))
    const markup = renderToStaticMarkup(<LayerCurve series={series} yLabel="D" width={width} height={220} />)
    await expect(drawingOf(markup)).toMatchFileSnapshot(`__snapshots__/layer-curve-${name}-${width}.svg`)
  }
})

const maps = {
  ordinary: {
    layers: 4,
    positions: 8,
    value: (layer: number, position: number) => (position === 3 ? 9 : layer / 4),
  },
  empty: { layers: 0, positions: 0, value: () => 0 },
  constant: { layers: 2, positions: 4, value: () => 2 },
  long: { layers: 1, positions: 512, value: (_layer: number, position: number) => position % 5 },
}

it.each(Object.entries(maps))('ripple map, %s', async (name, { layers, positions, value }) => {
  const values = Float32Array.from({ length: layers * positions }, (_, i) =>
    value(Math.floor(i / positions), i % positions),
  )
  const tokens = Array.from({ length: positions }, (_, i) => ['the', 'wonderful', 'film', '.'][i % 4])
  const markup = renderToStaticMarkup(
    <RippleMap
      values={values}
      layers={layers}
      positions={positions}
      tokens={tokens}
      chosen={[3]}
      width={358}
      colors={{ low: '#f0efe8', high: '#0b6e8f' }}
    />,
  )
  await expect(drawingOf(markup)).toMatchFileSnapshot(`__snapshots__/ripple-map-${name}.svg`)
})
