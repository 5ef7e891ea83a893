interface ForwardProgressProps {
  /** Names what is counted. */
  readonly label: string
  readonly done: number
  readonly total: number
  /** Says how far it is; `3 of 7` where absent. */
  readonly text?: string
  readonly onStop: () => void
}

/** Draws the progress of many forwards that the user started, and a button to stop them. */
export function ForwardProgress({ label, done, total, text, onStop }: ForwardProgressProps) {
  return (
    <div className="likelihood-progress">
      <div
        className="bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <span style={{ width: `${(done / total) * 100}%` }} />
      </div>
      <span className="soft">{text ?? `${done} of ${total}`}</span>
      <button type="button" className="button-text" onClick={onStop}>
        Stop
      </button>
    </div>
  )
}
