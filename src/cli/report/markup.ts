/** Holds text that is markup already. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type MarkupValue = Markup | string | number | null | readonly MarkupValue[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Matches characters that no document may hold, in XML not even escaped. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Returns text, or markup, without characters that no document may hold. */
export const withoutControls = (text: string) => text.replace(FORBIDDEN, '\ufffd')

const escaped = (text: string) =>
  withoutControls(text).replace(/[&<>"']/g, (character) => ENTITIES[character])

function textOf(value: MarkupValue): string {
  if (value === null) return ''
  if (value instanceof Markup) return value.text
  if (typeof value === 'number') return String(Math.round(value * 100) / 100)
  if (typeof value === 'string') return escaped(value)
  return value.map(textOf).join('')
}

/** Fills a template of HTML or SVG: every value is text, unless it is markup itself. Numbers have two decimals. */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return new Markup(parts.map((part, i) => (i < values.length ? part + textOf(values[i]) : part)).join(''))
}
