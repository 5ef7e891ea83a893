import type { Claim } from '../core/corpus/figures/claims'
import { CLAIM_WORDS } from './claimWords'

/** Lists where the run agrees with the paper and where it differs. */
export function Verdicts({ claims }: { readonly claims: readonly Claim[] }) {
  return (
    <ul className="verdicts" aria-label="This run against the paper">
      {claims.map(({ name, agrees }) => (
        <li key={name} data-agrees={agrees || undefined}>
          <span className="verdict">{agrees ? 'agrees' : 'differs'}</span> {CLAIM_WORDS[name]}
        </li>
      ))}
    </ul>
  )
}
