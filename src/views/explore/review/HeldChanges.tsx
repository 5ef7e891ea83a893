import { currentTokens, substitutionsLabel } from '../../../state/selectors'
import { useActions, useAppStore } from '../../appContext'

/** Lists the substitutions that are held while another token is explored on top of them. */
export function HeldChanges() {
  const held = useAppStore((state) => state.session.held)
  const names = useAppStore((state) =>
    state.session.held.map((change) => substitutionsLabel(state, currentTokens(state), [change])).join('\n'),
  ).split('\n')
  const { releaseSubstitution } = useActions()
  if (held.length === 0) return null
  return (
    <section className="held" aria-labelledby="held-heading">
      <h3 id="held-heading" className="soft">
        Held
      </h3>
      <ul className="row">
        {held.map(({ position }, i) => (
          <li className="chip" key={position}>
            <button type="button" title="Release" onClick={() => releaseSubstitution(position)}>
              <span className="chip-label">{names[i]}</span>
              <span aria-hidden="true">✕</span>
              <span className="visually-hidden">release</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
