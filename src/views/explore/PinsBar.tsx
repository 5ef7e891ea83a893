import { useMemo } from 'react'
import { substitutionsLabel } from '../../state/selectors'
import { useActions, useAppStore } from '../appContext'

/** Lists the pinned changes, each with the colour that it has in every drawing. */
export function PinsBar() {
  const pins = useAppStore((state) => state.session.pins)
  const labels = usePinLabels()
  const { showPin, unpin } = useActions()
  return (
    <section className="pins" aria-labelledby="pins-heading">
      <h2 id="pins-heading" className="soft">
        Pins
      </h2>
      {pins.length === 0 ? (
        <p className="soft">Pin keeps this curve while you try another change.</p>
      ) : (
        <ul className="row">
          {pins.map((pin, index) => (
            <li className="chip" key={`${pin.color} ${labels[index]}`}>
              <button type="button" onClick={() => showPin(index)} title={`Show ${labels[index]}`}>
                <span
                  className="chip-dot"
                  aria-hidden="true"
                  style={{ background: `var(--series-${pin.color})` }}
                />
                <span className="chip-label">{labels[index]}</span>
              </button>
              <button type="button" onClick={() => unpin(index)} title="Remove this pin">
                <span aria-hidden="true">✕</span>
                <span className="visually-hidden">Remove the pin {labels[index]}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Returns the labels of the pins: `wonderful → delightful`. */
function usePinLabels(): readonly string[] {
  const joined = useAppStore((state) =>
    state.session.pins
      .map((pin) => {
        const tokenized = state.pinned.find((one) => one.pin === pin)?.tokenized ?? null
        return substitutionsLabel(state, tokenized, pin.substitutions)
      })
      .join('\n'),
  )
  return useMemo(() => joined.split('\n'), [joined])
}
