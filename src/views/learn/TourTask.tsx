import { useState } from 'react'
import { formatDecimals } from '../../charts/formatNumber'
import { bareText } from '../../core/text/token'
import {
  activePrediction,
  activeSubstitutions,
  currentTokens,
  pieceKind,
  tokenShifts,
  wordOf,
} from '../../state/selectors'
import type { AppStoreState } from '../../state/store'
import { useActions, useAppStore } from '../appContext'
import { useMeasuring } from '../explore/useMeasuring'

/** Asks the reader to choose another token, and says when it is done. */
export function ChooseAnother() {
  const position = useAppStore((state) => state.session.position)
  const [from] = useState(position)
  const word = useAppStore((state) => {
    const token = position === null ? null : currentTokens(state)?.tokens[position]
    return token ? wordOf(token.text) : null
  })
  const done = word !== null && position !== from
  return (
    <p className="tour-task" data-done={done || undefined} role="status">
      {done
        ? `Done: “${word}” is replaced now, and everything below follows.`
        : 'Try it: choose another word.'}
    </p>
  )
}

/** Returns the place that a guess is about: where the nearest neighbour moves the embedding most; null without one. */
function guessed(state: AppStoreState): number | null {
  const shifts = tokenShifts(state)?.tokens
  if (!shifts) return null
  let far: number | null = null
  for (const [position, token] of shifts.entries()) {
    if (token && (far === null || token.shift > (shifts[far]?.shift ?? 0))) far = position
  }
  return far
}

/** Asks for a guess before the answer is shown: does the substitution that moves the embedding most flip the label? */
export function GuessTheLabel() {
  const { selectPosition } = useActions()
  const [guess, setGuess] = useState<{ readonly position: number; readonly flips: boolean } | null>(null)
  const far = useAppStore(guessed)
  const position = guess?.position ?? far
  const word = useAppStore((state) => {
    const token = position === null ? null : currentTokens(state)?.tokens[position]
    return token ? bareText(token.text, pieceKind(state)) : null
  })
  const measuring = useMeasuring()
  const prediction = useAppStore(activePrediction)
  const made = useAppStore(
    (state) => position !== null && activeSubstitutions(state)?.some((one) => one.position === position),
  )
  if (word === null || (prediction === null && !measuring)) return null
  if (!guess) {
    const answer = (flips: boolean) => () => {
      if (far === null) return
      setGuess({ position: far, flips })
      selectPosition(far)
    }
    return (
      <div className="tour-task">
        <p>
          Guess first: “{word}” is the word whose nearest neighbour moves the embedding farthest. Does
          replacing it flip the label?
        </p>
        <div className="row">
          <button type="button" className="button" onClick={answer(false)}>
            Same label
          </button>
          <button type="button" className="button" onClick={answer(true)}>
            It flips
          </button>
        </div>
      </div>
    )
  }
  if (!made || measuring || !prediction) {
    return (
      <p className="tour-task" role="status">
        {made ? `Replacing “${word}”…` : 'Another change is shown by now.'}
      </p>
    )
  }
  const { labels, label, values, flips } = prediction
  const [before, after] = [values.before, values.after].map((p) => formatDecimals(p[label.before], 3))
  return (
    <p className="tour-task" data-done="" role="status">
      {flips === guess.flips ? 'You guessed right' : 'You guessed otherwise'}: {labels[label.before]} goes
      from {before} to {after}, {flips ? 'and the label flips' : 'and the label stays the same'}. How far a
      change starts does not say where it ends.
    </p>
  )
}
