import { subscriptParts } from '../charts/labelText'

/** Draws text in which `h_l` stands for a letter with an index. */
export function WithSubscripts({ text }: { readonly text: string }) {
  let end = 0
  return subscriptParts(text).map(({ text: part, low }) => {
    const start = end
    end += part.length
    return low ? <sub key={start}>{part}</sub> : <span key={start}>{part}</span>
  })
}
