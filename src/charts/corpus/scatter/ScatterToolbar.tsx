import { useId } from 'react'
import type { ScatterMode } from './useScatterGestures'

export interface ScatterToolbarProps {
  readonly mode: ScatterMode
  readonly onMode: (mode: ScatterMode) => void
  /** True if points can be selected. */
  readonly selects: boolean
  readonly zoomed: boolean
  /** Called with a factor; above 1 zooms in. */
  readonly onZoom: (factor: number) => void
  readonly onReset: () => void
  readonly onSelectView: () => void
  /** Number of selected points; null for no selection. */
  readonly selected: number | null
  readonly onClear: () => void
}

const MODES: readonly { readonly mode: ScatterMode; readonly name: string; readonly title: string }[] = [
  { mode: 'move', name: 'Move', title: 'Drag moves the view' },
  {
    mode: 'rectangle',
    name: 'Rectangle',
    title: 'Drag selects a rectangle; Shift and drag does so in any mode',
  },
  { mode: 'lasso', name: 'Lasso', title: 'Drag selects what you draw around' },
]

/** Draws the controls of dragging, zoom and selection. */
export function ScatterToolbar(props: ScatterToolbarProps) {
  const { mode, onMode, selects, zoomed, onZoom, onReset, onSelectView, selected, onClear } = props
  const id = useId()
  return (
    <div className="corpus-toolbar">
      {selects && (
        <fieldset className="corpus-segments">
          <legend className="chart-hidden">Dragging</legend>
          {MODES.map(({ mode: value, name, title }) => (
            <label key={value} title={title}>
              <input
                type="radio"
                name={`${id}mode`}
                checked={mode === value}
                onChange={() => onMode(value)}
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
      <div className="corpus-buttons">
        <button type="button" className="chart-button" aria-label="Zoom in" onClick={() => onZoom(1.6)}>
          +
        </button>
        <button
          type="button"
          className="chart-button"
          aria-label="Zoom out"
          aria-disabled={!zoomed}
          onClick={() => onZoom(1 / 1.6)}
        >
          −
        </button>
        <button
          type="button"
          className="chart-button"
          aria-label="Reset zoom"
          aria-disabled={!zoomed}
          onClick={onReset}
        >
          Reset
        </button>
        {selects && (
          <button type="button" className="chart-button" onClick={onSelectView}>
            Select what is visible
          </button>
        )}
      </div>
      {selected !== null && (
        <p className="corpus-selection">
          <span role="status">{selected.toLocaleString('en')} selected</span>
          <button type="button" className="chart-button" onClick={onClear}>
            Clear
          </button>
        </p>
      )}
    </div>
  )
}
