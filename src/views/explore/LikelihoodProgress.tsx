interface LikelihoodProgressProps {
  /** Number of tokens measured. */
  readonly done: number
  readonly total: number
  readonly onStop: () => void
}

/** Draws a masked model's progress through a text, and a button to stop it. */
export function LikelihoodProgress({ done, total, onStop }: LikelihoodProgressProps) {
  return (
    <div className="likelihood-progress">
      <div
        className="bar"
        role="progressbar"
        aria-label="Tokens measured"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <span style={{ width: `${(done / total) * 100}%` }} />
      </div>
      <span className="soft">
        {done} of {total}
      </span>
      <button type="button" className="button-text" onClick={onStop}>
        Stop
      </button>
    </div>
  )
}
