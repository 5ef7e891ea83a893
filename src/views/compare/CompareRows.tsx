import type { ReactNode } from 'react'
import type { ComparedNumber } from '../../core/comparison/comparisonTable'
import { shown3, signed3 } from './compareNumbers'

/** Draws one number of both sides and the difference. */
export function NumberRow({ name, value }: { readonly name: string; readonly value: ComparedNumber }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="number">{shown3(value.first)}</td>
      <td className="number">{shown3(value.second)}</td>
      <td className="number">{signed3(value.difference)}</td>
      <td className="number">{shown3(value.ratio)}</td>
    </tr>
  )
}

interface WordsRowProps {
  readonly name: string
  readonly first: ReactNode
  readonly second: ReactNode
  readonly serif?: boolean
}

/** Draws the words of both sides: they have no difference. */
export function WordsRow({ name, first, second, serif }: WordsRowProps) {
  const className = serif ? 'number compare-words serif' : 'number compare-words'
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className={className}>{first}</td>
      <td className={className}>{second}</td>
      <td />
      <td />
    </tr>
  )
}
