import { agreementText, correlationText } from '../../charts/corpus/correlationText'
import { comparison, tokensAgreement } from '../../state/corpus/corpusComparison'
import { useAppStore } from '../appContext'

/** Compares fig. 1 of two runs: how far the norms agree in each, and how far both choose the same tokens. */
export function ComparedCounts() {
  const compared = useAppStore(comparison)
  const open = useAppStore((state) => state.corpus.figures.value?.frequency ?? null)
  const agreement = useAppStore(tokensAgreement)
  const other = compared?.figures?.frequency
  if (!compared || !open || !other) return null
  const [openName, comparedName] = compared.names
  return (
    <div className="compared-counts">
      <p>
        Bars are of {openName}. In {comparedName}: {agreementText(other).join('; ')}.
      </p>
      {agreement && (
        <p>
          Both runs’ counts under l2, token by token (matched by name):{' '}
          {correlationText(agreement.pearson, agreement.spearman)}, n{' '}
          {agreement.pearson.n.toLocaleString('en')} tokens.
        </p>
      )}
    </div>
  )
}
