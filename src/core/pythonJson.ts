/** Matches a text, or a number that JSON does not have. */
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/gs

/**
 * Parses JSON as Python's `json` and pandas write it: `NaN`, `Infinity` and `-Infinity` are numbers.
 *
 * @throws SyntaxError
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    // No text of a file begins with this.
    const mark = `number ${Math.random()} `
    let found = false
    const marked = text.replace(TEXT_OR_NUMBER, (part) => {
      if (part.startsWith('"')) return part
      found = true
      return `"${mark}${part}"`
    })
    if (!found) throw thrown
    return JSON.parse(marked, (_, value: unknown) =>
      typeof value === 'string' && value.startsWith(mark) ? Number(value.slice(mark.length)) : value,
    )
  }
}
