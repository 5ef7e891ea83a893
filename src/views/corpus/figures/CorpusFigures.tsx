import { useAppStore } from '../../appContext'
import { CommonnessPanel } from './CommonnessPanel'
import {
  CausalPanel,
  EffectPanel,
  FrequencyPanel,
  IdentifiabilityPanel,
  LearnedPanel,
  PairsPanel,
  PerturbationsPanel,
  PropagationPanel,
  ProxiesPanel,
} from './FigurePanels'

/** Draws the paper's figures, the scatterplot largest, then those beyond the paper. */
export function CorpusFigures({ onSettings }: { readonly onSettings: () => void }) {
  const failure = useAppStore((state) => state.corpus.figures.failure)
  return (
    <>
      {failure && (
        <p className="run-problem" role="alert">
          {failure.message} {failure.advice}
        </p>
      )}
      <div className="corpus-figures">
        <div className="figure-stack">
          <CommonnessPanel onSettings={onSettings} />
        </div>
        <div className="figure-stack">
          <PropagationPanel onSettings={onSettings} />
          <CausalPanel onSettings={onSettings} />
          <IdentifiabilityPanel onSettings={onSettings} />
          <LearnedPanel onSettings={onSettings} />
        </div>
        <div className="figure-wide">
          <FrequencyPanel onSettings={onSettings} />
        </div>
        <h2 className="figure-wide">
          Beyond the paper <span className="run-facts">does a minimal shift mean a minimal effect?</span>
        </h2>
        <EffectPanel onSettings={onSettings} />
        <PerturbationsPanel onSettings={onSettings} />
        <div className="figure-wide">
          <ProxiesPanel onSettings={onSettings} />
        </div>
        <div className="figure-wide">
          <PairsPanel onSettings={onSettings} />
        </div>
      </div>
    </>
  )
}
