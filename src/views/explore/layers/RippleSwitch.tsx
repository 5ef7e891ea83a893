import { RIPPLE_READINGS } from '../../../core/session/session'
import { useActions, useAppStore } from '../../appContext'
import { rippleWords } from './rippleWords'

/** Picks what the ripple shows: how far states move, or how much of the effect they carry. */
export function RippleSwitch() {
  const shown = useAppStore((state) => state.session.ripple)
  const { setRipple } = useActions()
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">What the ripple shows</legend>
      {RIPPLE_READINGS.map((reading) => {
        const { name, meaning } = rippleWords(reading)
        return (
          <label key={reading} title={meaning}>
            <input
              type="radio"
              name="ripple"
              checked={reading === shown}
              onChange={() => setRipple(reading)}
            />
            {name}
          </label>
        )
      })}
    </fieldset>
  )
}
