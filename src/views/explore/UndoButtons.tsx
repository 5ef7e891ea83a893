import { canRedo, canUndo } from '../../state/selectors'
import { useActions, useAppStore } from '../appContext'

export function UndoButtons() {
  const undoable = useAppStore(canUndo)
  const redoable = useAppStore(canRedo)
  const { undo, redo } = useActions()
  // Uses aria-disabled rather than disabled, so that a button keeps the focus after its last step.
  return (
    <div className="row undo">
      <button
        type="button"
        className="button button-icon"
        title="Undo (Ctrl + Z)"
        aria-disabled={!undoable}
        onClick={undo}
      >
        <span aria-hidden="true">↶</span>
        <span className="visually-hidden">Undo</span>
      </button>
      <button
        type="button"
        className="button button-icon"
        title="Redo (Ctrl + Shift + Z)"
        aria-disabled={!redoable}
        onClick={redo}
      >
        <span aria-hidden="true">↷</span>
        <span className="visually-hidden">Redo</span>
      </button>
    </div>
  )
}
