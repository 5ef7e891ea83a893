import type { PlaceTable } from '../../../core/corpus/corpusService'
import { shownTokens } from '../../../state/corpus/corpusTokens'
import { useAppStore } from '../../appContext'

interface PointContextCardProps {
  /** Table of the records, because two charts may show their points at once. */
  readonly table: PlaceTable
  /** Record and token of each point. */
  readonly points: { readonly rows: Uint32Array; readonly tokenIds: Uint32Array }
  /** Returns the numbers of a point: `commonness 0.41 · shift 9.30`. */
  readonly numbersOf: (index: number) => string
}

/** Shows the point under the pointer: its token in its sentence, and its numbers. */
export function PointContextCard({ table, points, numbersOf }: PointContextCardProps) {
  const place = useAppStore((state) => state.corpus.hovered)
  const context = useAppStore((state) => state.corpus.context.value)
  const { wordOf } = useAppStore(shownTokens)
  if (place === null || place.table !== table) return null
  const index = points.rows.indexOf(place.row)
  if (index < 0) return null
  const found = context?.place === place ? context : null
  return (
    <div className="point-context">
      <p className="serif">
        {found?.before} <strong>{wordOf(points.tokenIds[index])}</strong> {found?.after}
      </p>
      <p className="soft">{numbersOf(index)}</p>
    </div>
  )
}
