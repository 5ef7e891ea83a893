import { interpolateRgb } from 'd3-interpolate'
import { createElement, type ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import chartsCss from '../../charts/charts.css?raw'
import corpusCss from '../../charts/corpus/corpusCharts.css?raw'
import { FileWidth } from '../../charts/useElementWidth'
import { LIGHT_THEME } from './lightTheme'
import { Markup, markup, withoutControls } from './markup'

/** Holds a drawing of one of the page's charts, and the style rules that it needs. */
export interface Drawing {
  readonly svg: Markup
  readonly rules: readonly string[]
}

/** Width of a report's column, px. */
const WIDTH = 680

const FONT = '.chart-svg{font-family:system-ui,sans-serif}'

const VARIABLE = /var\((--[\w-]+)(?:,\s*([^()]*))?\)/g
const MIX = /color-mix\(in srgb, (#\w+) (\d+)%, (#\w+)\)/g

/** Returns a declaration with the light theme's colours written out: few readers of SVG know variables. */
const resolved = (css: string) =>
  css
    .replace(VARIABLE, (_, name: string, fallback: string) => LIGHT_THEME[name] ?? fallback)
    .replace(MIX, (_, color: string, percent: string, into: string) =>
      interpolateRgb(into, color)(Number(percent) / 100),
    )

/** Splits a style sheet into its rules, without those of media queries. */
function rulesOf(css: string): { readonly selectors: readonly string[]; readonly rule: string }[] {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/@[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '')
  return [...plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selectors, body]) => ({
    selectors: selectors.split(',').map((selector) => selector.trim().replace(/\s+/g, ' ')),
    rule: resolved(body.trim().replace(/\s+/g, ' ')),
  }))
}

const RULES = [chartsCss, corpusCss].flatMap(rulesOf)

/** Returns the rules that can hold for elements of these classes. */
function rulesFor(classes: ReadonlySet<string>): string[] {
  const fits = (selector: string) =>
    !selector.includes(':') && [...selector.matchAll(/\.([\w-]+)/g)].every(([, name]) => classes.has(name))
  return RULES.flatMap(({ selectors, rule }) => {
    const fitting = selectors.filter(fits)
    return fitting.length > 0 ? [`${fitting.join(',')}{${rule}}`] : []
  })
}

/**
 * Draws a chart of the page without a page: only its drawings, without the controls around them.
 *
 * @param chart a component of src/charts
 */
export function drawingsOf(chart: ReactElement): Drawing[] {
  const html = renderToStaticMarkup(createElement(FileWidth, { value: WIDTH }, chart))
  // Drawings for a file have a view box; layers under the pointer have none.
  const drawings = [...html.matchAll(/<svg\b([^>]*\bviewBox="[^"]*"[^>]*)>([\s\S]*?)<\/svg>/g)]
  return drawings.map(([, attributes, inner]) => {
    // On the page these parts are next to the drawing, and are hidden in it.
    const content = inner.replaceAll(' class="corpus-file-only"', '')
    const [, size] = /(width="[^"]*" height="[^"]*" viewBox="[^"]*")/.exec(attributes) ?? []
    const classes = new Set(['chart', 'chart-svg'])
    for (const [, names] of content.matchAll(/\bclass="([^"]*)"/g)) {
      for (const name of names.split(' ')) classes.add(name)
    }
    return {
      svg: markup`<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-svg" role="img" ${new Markup(size ?? '')}>${new Markup(withoutControls(content))}</svg>`,
      rules: [FONT, ...rulesFor(classes)],
    }
  })
}

/** Returns a drawing as a file that needs nothing else. */
export function drawingFile({ svg, rules }: Drawing, title: string): string {
  const style = markup`<title>${title}</title><style>${new Markup(rules.join(''))}</style>`.text
  return `${svg.text.replace('>', () => `>${style}`)}\n`
}
