import { useMemo } from 'react'
import type { ScatterPoints } from '../../../core/corpus/figures/figures'
import { NORM_NAMES } from '../../../core/measures/norm'
import { figureFiles } from '../../../state/corpus/corpusComparison'
import { selectionRows } from '../../../state/corpus/corpusSelectors'
import { selectionTable } from '../../../state/corpus/corpusTables'
import { shownTokens } from '../../../state/corpus/corpusTokens'
import { useActions, useAppStore } from '../../appContext'
import { Exports } from '../../Exports'
import { counted } from '../corpusWords'
import { FigureDataTable } from './FigureDataTable'

interface SelectionTableProps {
  readonly points: ScatterPoints
  /** Indices of the selected `points`. */
  readonly selected: Uint32Array
}

/** Draws the selected points as a table of tokens, to read and to export. */
export function SelectionTable({ points, selected }: SelectionTableProps) {
  const { entryOf, labelOf } = useAppStore(shownTokens)
  const { selectPoints } = useActions()
  const table = useMemo(
    () => selectionTable(selectionRows(points, selected, labelOf)),
    [points, selected, labelOf],
  )
  const caption = `Selected: ${counted(selected.length, 'point')}, ${counted(table.rows.length, 'token')}; mean shift, ${NORM_NAMES[points.norm]}`
  return (
    <section className="selection" aria-label="Selected points">
      <div className="row">
        <h3>Selected points</h3>
        <Exports
          title="Selected points"
          name="ripplescope-selection"
          {...figureFiles('selection', () => selectionTable(selectionRows(points, selected, entryOf)))}
        />
        <button type="button" className="chart-button" onClick={() => selectPoints(new Uint32Array())}>
          Clear
        </button>
      </div>
      <FigureDataTable caption={caption} table={table} />
    </section>
  )
}
