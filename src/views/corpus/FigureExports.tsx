import type { ComponentProps } from 'react'
import type { AppState } from '../../state/appState'
import { comparison } from '../../state/corpus/corpusComparison'
import { provenanceText, runProvenance } from '../../state/corpus/corpusSelectors'
import { ChartExports } from '../ChartExports'

/** The run behind a drawing, or both. */
function provenances(state: AppState): string | null {
  const compared = comparison(state)
  if (!compared) return runProvenance(state)
  return compared.headers
    .map(({ provenance }, i) => `${compared.names[i]}: ${provenanceText(provenance)}`)
    .join('; ')
}

/** The drawing as a file, with the run behind it in its description. */
export function FigureExports({ name, ...props }: Omit<ComponentProps<typeof ChartExports>, 'source'>) {
  return <ChartExports {...props} name={`ripplescope-${name}`} source={provenances} />
}
