/**
 * Returns a Python string literal of ASCII characters only. Python has no surrogate pairs: characters beyond the first
 * plane are written `\U0001f3ac`; a lone surrogate, which no text file can hold, becomes U+FFFD.
 */
export function pythonString(text: string): string {
  const escaped = [...text].map((character) => {
    const code = character.codePointAt(0) ?? 0
    if (character === '"' || character === '\\') return `\\${character}`
    if (character === '\n') return '\\n'
    if (code >= 0x20 && code < 0x7f) return character
    if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd'
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })
  return `"${escaped.join('')}"`
}

/** Returns a Python list of numbers, in lines of a readable length. */
export function pythonList(values: readonly number[]): string {
  const rows = Array.from({ length: Math.ceil(values.length / 16) }, (_, row) =>
    values.slice(16 * row, 16 * row + 16).join(', '),
  )
  return rows.length > 1 ? `[\n    ${rows.join(',\n    ')},\n]` : `[${rows.join('')}]`
}

/** Returns a Python comment on one line, whatever characters the text holds. */
export function pythonComment(text: string): string {
  return `# ${text.replace(/[^\x20-\x7e]/g, '?')}`
}
