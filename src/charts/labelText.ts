const NARROW = /[ijltfrI.,:;'"“”‘’!|()[\]\- ]/u
const WIDE = /[mwMW@%→—…]/u
const FULL =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u

function characterEms(character: string): number {
  if (FULL.test(character)) return 1.05
  if (WIDE.test(character)) return 0.92
  if (NARROW.test(character)) return 0.36
  return 0.61
}

export type TextWeight = 'regular' | 'bold'

const BOLD = 1.12

/** Estimates the width in px of a text in the wider of the common sans faces, so that layout needs no document. */
export function estimateTextWidth(text: string, fontSize: number, weight: TextWeight = 'regular'): number {
  let ems = 0
  for (const character of text) ems += characterEms(character)
  return ems * fontSize * (weight === 'bold' ? BOLD : 1)
}

/** Cuts a text to a width in px, with an ellipsis where something was left out. Never cuts inside a code point. */
export function truncateText(
  text: string,
  fontSize: number,
  maxWidth: number,
  weight: TextWeight = 'regular',
): string {
  if (estimateTextWidth(text, fontSize, weight) <= maxWidth) return text
  const characters = Array.from(text)
  while (characters.length > 1) {
    characters.pop()
    const shortened = `${characters.join('').trimEnd()}…`
    if (estimateTextWidth(shortened, fontSize, weight) <= maxWidth) return shortened
  }
  return '…'
}

/** Splits `D_l, l2` into `D`, low `l`, `, l2`: parts are never empty, and low and ordinary ones alternate. */
export function subscriptParts(text: string): { readonly text: string; readonly low: boolean }[] {
  return text
    .split(/_([\p{L}\p{N}])/u)
    .map((part, i) => ({ text: part, low: i % 2 === 1 }))
    .filter((part) => part.text !== '')
}
