import { styleText } from 'node:util'
import type { TokenRow } from '../api/explore'
import type { ExploreExport } from '../core/exports/exploreExport'
import { NORMS } from '../core/measures/norm'
import { givesProbabilities, predictionChange } from '../core/measures/prediction'
import { printable } from '../core/text/printable'
import { bar, clipped, formatTable } from './textTable'

export interface TextStyle {
  readonly width: number
  readonly color: boolean
}

const number = (value: number) => (Number.isFinite(value) ? value.toPrecision(6) : '-')
/** Formats a cosine with eight digits, since it may begin with five nines. */
const cosine = (value: number) => (Number.isFinite(value) ? value.toFixed(8) : '-')
const percent = (share: number) => `${(100 * share).toFixed(2)} %`

const LESS_THAN_A_BAR = 8
const NAME_WIDTH = 12

/** Returns the tokens around the changed one, as many as fit the width. */
function contextLine({ tokens, position }: ExploreExport, original: string, width: number): string {
  if (position === null) return ''
  const side = (names: readonly string[]) => printable(names.join(' '))
  const before = side(tokens.slice(0, position).map(({ token }) => token))
  const after = side(tokens.slice(position + 1).map(({ token }) => token))
  const room = Math.max(width - original.length, 0)
  const right = clipped(after, Math.floor(room / 2))
  const reversed = [...before].reverse().join('')
  const left = [...clipped(reversed, Math.max(room - right.length, 0))].reverse().join('')
  return [left, original, right].filter((part) => part !== '').join(' ')
}

function predictionLine({ prediction }: ExploreExport): string {
  if (!prediction) return 'the model has no classification head'
  const { labels, before, after, kind } = prediction
  const { label, values, flips } = predictionChange(labels, { before, after }, kind)
  const said = givesProbabilities(kind) ? percent : (score: number) => `score ${number(score)}`
  const was = `${labels[label.before]} ${said(values.before[label.before])}`
  const is = said(values.after[label.before])
  const flip = flips ? `, now ${labels[label.after]} ${said(values.after[label.after])}` : ''
  return `${printable(was)} → ${is}${printable(flip)}`
}

function layerLines({ layers }: ExploreExport, { width, color }: TextStyle): string[] {
  const table = formatTable(
    [{ title: 'layer' }, { title: 'distance' }, { title: 'own' }, { title: 'relative' }, { title: 'cosine' }],
    layers.map((row) => [
      String(row.layer),
      number(row.distance),
      number(row.own),
      number(row.relative),
      cosine(row.cosine),
    ]),
  )
  const room = width - Math.max(...table.map((line) => line.length)) - 2
  const largest = Math.max(...layers.map(({ distance }) => distance))
  return table.map((line, i) => {
    if (i === 0 || room < LESS_THAN_A_BAR || !(largest > 0)) return line
    const drawn = bar(layers[i - 1].distance / largest, room)
    return `${line}  ${color ? styleText('cyan', drawn, { validateStream: false }) : drawn}`.trimEnd()
  })
}

/** Formats one substitution for a terminal. */
export function formatExplore(data: ExploreExport, style: TextStyle): string {
  const { model, position, substitute, shift, tokens } = data
  const bold = (text: string) => (style.color ? styleText('bold', text, { validateStream: false }) : text)
  const original = position === null ? '' : printable(tokens[position].token)
  const change = `${original} → ${printable(substitute?.token ?? '')}`
  const fields: readonly (readonly [string, string])[] = [
    ['model', `${model.id}, ${model.layers} layers`],
    ['numbers', data.provenance.precision],
    ['text', contextLine(data, `[${original}]`, style.width - NAME_WIDTH)],
    ['position', `${position} of ${tokens.length}`],
    ['change', change],
    ['cosine', typeof substitute?.cosine === 'number' ? substitute.cosine.toFixed(4) : '-'],
    ...NORMS.map((norm) => [`shift ${norm}`, number(shift[norm])] as const),
    ['prediction', predictionLine(data)],
  ]
  const lines = fields.map(([name, value]) => {
    const shown = clipped(value, style.width - NAME_WIDTH)
    return `${name.padEnd(NAME_WIDTH)}${name === 'change' ? bold(shown) : shown}`
  })
  return `${[...lines, '', ...layerLines(data, style)].join('\n')}\n`
}

/** Lists the tokens of a text with their nearest substitutes, so that a position can be chosen. */
export function formatTokens(rows: readonly TokenRow[]): string {
  const lines = formatTable(
    [
      { title: 'position' },
      { title: 'token', align: 'left' },
      { title: 'nearest', align: 'left' },
      { title: 'cosine' },
      { title: 'shift l2' },
    ],
    rows.map(({ position, token, neighbor }) => [
      String(position),
      printable(token),
      neighbor ? printable(neighbor.token) : '',
      neighbor ? neighbor.cosine.toFixed(4) : '',
      neighbor ? number(neighbor.shift.l2) : '',
    ]),
  )
  return `${lines.join('\n')}\n`
}
