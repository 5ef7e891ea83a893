import { formatDecimals, formatNumber } from '../../charts/formatNumber'
import type { ScatterPoints } from '../../core/corpus/figures'
import { wordOf } from '../../state/selectors'
import { useAppStore } from '../appContext'
import { counted } from './corpusWords'

interface PointContextCardProps {
  readonly points: ScatterPoints
  readonly nameOf: (tokenId: number) => string
}

/** The point under the pointer: its token in its sentence, and its numbers. */
export function PointContextCard({ points, nameOf }: PointContextCardProps) {
  const row = useAppStore((state) => state.corpus.hovered)
  const context = useAppStore((state) => state.corpus.context.value)
  if (row === null) return null
  const index = points.rows.indexOf(row)
  if (index < 0) return null
  const found = context?.row === row ? context : null
  const word = wordOf(nameOf(points.tokenIds[index]))
  return (
    <div className="point-context">
      <p className="serif">
        {found?.before} <strong>{word}</strong> {found?.after}
      </p>
      <p className="soft">
        commonness {formatDecimals(points.commonness[index], 2)} · shift {formatNumber(points.shift[index])}
        {points.of === 'types' && ` · ${counted(points.counts[index], 'occurrence')}`}
      </p>
    </div>
  )
}
