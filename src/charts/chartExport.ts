import { fail } from '../core/failure'
import { withOwnFonts } from './embeddedFonts'
import { exportColor, isTransparent } from './exportColor'
import { estimateTextWidth, truncateText } from './labelText'

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg'

/**
 * Presentation attributes that children inherit, with their initial values: written where they differ from the
 * parent's.
 */
const INHERITED: Readonly<Record<string, string>> = {
  fill: '',
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-opacity': '1',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'paint-order': 'normal',
  'font-family': '',
  'font-size': '',
  'font-style': 'normal',
  'font-weight': '400',
  'text-anchor': 'start',
}

const COLORS: ReadonlySet<string> = new Set(['fill', 'stroke'])

/** Attributes that belong to the drawing; all others (class, style, aria, data, handlers) stay out of the file. */
const KEPT = new Set(
  (
    'x y x1 x2 y1 y2 dx dy cx cy r rx ry d width height viewBox points transform offset id gradientUnits ' +
    'stop-color text-anchor fill'
  ).split(' '),
)

const DROPPED = '[data-export="omit"], script, foreignObject, style, image, a'

export interface ChartDescription {
  /** Text above the chart and in the file's <title>. */
  readonly title: string
  /** Content of the chart, with model and measure, for the file's <desc>. */
  readonly description: string
}

/**
 * Writes the computed style onto the copy. Attributes that a chart wrote itself stay: they do not come from the page's
 * styles.
 */
function inlineStyle(original: Element, copy: Element, parent: CSSStyleDeclaration | null): void {
  const style = getComputedStyle(original)
  for (const { name } of Array.from(copy.attributes)) if (!KEPT.has(name)) copy.removeAttribute(name)
  const write = (name: string, usual: string) => {
    const value = style.getPropertyValue(name)
    if (value === '' || value === usual || copy.hasAttribute(name)) return
    copy.setAttribute(name, COLORS.has(name) ? exportColor(value) : value)
  }
  for (const [name, initial] of Object.entries(INHERITED)) {
    write(name, parent?.getPropertyValue(name) ?? initial)
  }
  write('opacity', '1')
  Array.from(original.children).forEach((child, i) => {
    inlineStyle(child, copy.children[i], style)
  })
}

/** Returns the background behind the chart: that of the nearest painted ancestor. */
function backgroundOf(element: Element): string {
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor
    if (!isTransparent(color)) return exportColor(color)
  }
  return '#ffffff'
}

function element(name: string, attributes: Record<string, string | number>, text = ''): SVGElement {
  const created = document.createElementNS(SVG_NAMESPACE, name)
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, String(value))
  created.textContent = text
  return created
}

const TITLE_SIZE = 15
const TITLE_HEIGHT = 34
const MARGIN = 16

/**
 * Returns a chart as a file that needs nothing else: computed styles written out, a background, a title; no cursor, no
 * class, no script. Parts marked data-export="omit" are left out, those marked "footer" are shown below the chart.
 *
 * @param svg on the page, so that its styles are known
 */
export function chartToSvg(svg: SVGSVGElement, { title, description }: ChartDescription): string {
  const width = Number(svg.getAttribute('width')) || 0
  const height = Number(svg.getAttribute('height')) || 0
  const { color, fontFamily } = getComputedStyle(svg)

  const copy = svg.cloneNode(true) as SVGSVGElement
  inlineStyle(svg, copy, null)
  const originals = Array.from(svg.querySelectorAll('*'))
  const copies = Array.from(copy.querySelectorAll('*'))
  let footer = 0
  originals.forEach((original, i) => {
    if (original.getAttribute('data-export') !== 'footer') return
    copies[i].setAttribute('transform', `translate(0,${height + footer})`)
    footer += Number(original.getAttribute('data-height')) || 0
  })
  originals.forEach((original, i) => {
    if (original.matches(DROPPED)) copies[i].remove()
  })

  const fullWidth = width + 2 * MARGIN
  const fullHeight = TITLE_HEIGHT + height + footer + 2 * MARGIN
  const chart = element('g', { transform: `translate(${MARGIN},${MARGIN + TITLE_HEIGHT})` })
  for (const name of Object.keys(INHERITED)) {
    const value = copy.getAttribute(name)
    if (value !== null) chart.setAttribute(name, value)
  }
  chart.append(...Array.from(copy.childNodes))
  const file = element('svg', {
    xmlns: SVG_NAMESPACE,
    width: fullWidth,
    height: fullHeight,
    viewBox: `0 0 ${fullWidth} ${fullHeight}`,
    role: 'img',
  })
  file.removeAttribute('xmlns')
  file.append(
    element('title', {}, title),
    element('desc', {}, description),
    element('rect', { width: fullWidth, height: fullHeight, fill: backgroundOf(svg) }),
    element(
      'text',
      {
        x: MARGIN,
        y: MARGIN + TITLE_SIZE,
        fill: color === '' ? '#22211d' : exportColor(color),
        'font-family': fontFamily || 'sans-serif',
        'font-size': TITLE_SIZE,
        'font-weight': 600,
      },
      truncateText(title, TITLE_SIZE, Math.max(width, estimateTextWidth('…', TITLE_SIZE))),
    ),
    chart,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(file)}\n`
}

/** Most pixels on a side: some browsers refuse longer ones. */
const MAX_PIXELS = 16_384

/**
 * Returns the pixels of a PNG of an SVG file: `scale` times its size, less where a side would exceed the limit of a
 * canvas.
 */
export function pngSize(svgText: string, scale: number): { readonly width: number; readonly height: number } {
  const root = new DOMParser().parseFromString(svgText, 'image/svg+xml').documentElement
  const width = Number(root.getAttribute('width'))
  const height = Number(root.getAttribute('height'))
  if (!(width > 0 && height > 0))
    fail('internal', 'The chart has no size, so no picture could be drawn of it.')
  const fitting = Math.min(scale, MAX_PIXELS / width, MAX_PIXELS / height)
  return { width: Math.round(width * fitting), height: Math.round(height * fitting) }
}

/**
 * Returns an SVG file from `chartToSvg` as a PNG picture.
 *
 * @param scale pixels for one px of the drawing
 * @throws FailureError `internal` if the browser cannot draw it
 */
export async function svgToPng(svgText: string, scale: number): Promise<Blob> {
  const { width, height } = pngSize(svgText, scale)
  const advice = 'Save the chart as SVG instead.'
  const drawing = await withOwnFonts(svgText)
  const url = URL.createObjectURL(new Blob([drawing], { type: 'image/svg+xml' }))
  try {
    const image = new Image(width, height)
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    canvas.getContext('2d')?.drawImage(image, 0, 0, width, height)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    return blob ?? fail('internal', `The browser made no picture of ${width} × ${height} pixels.`, { advice })
  } catch (thrown) {
    if (thrown instanceof DOMException) fail('internal', 'The browser could not draw the chart.', { advice })
    throw thrown
  } finally {
    URL.revokeObjectURL(url)
  }
}
