import { subscriptParts } from './labelText'

/** Draws `D_l` with its index as a subscript, inside a text of a drawing. */
export function Subscripted({ text }: { readonly text: string }) {
  let end = 0
  return subscriptParts(text).map(({ text: part, low }) => {
    const start = end
    end += part.length
    const dy = low ? 3 : start > 0 ? -3 : 0
    return (
      <tspan key={start} className={low ? 'chart-subscript' : undefined} dy={dy}>
        {part}
      </tspan>
    )
  })
}
