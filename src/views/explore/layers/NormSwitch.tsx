import { NORM_NAMES, NORMS } from '../../../core/measures/norm'
import { useActions, useAppStore } from '../../appContext'

/** Picks the norm in which shifts are shown, ranked and tinted. */
export function NormSwitch() {
  const norm = useAppStore((state) => state.session.norm)
  const { setNorm } = useActions()
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">Norm of the embedding shift</legend>
      {NORMS.map((value) => (
        <label key={value}>
          <input type="radio" name="norm" checked={norm === value} onChange={() => setNorm(value)} />
          {NORM_NAMES[value]}
        </label>
      ))}
    </fieldset>
  )
}
