import type { ComponentProps } from 'react'
import { runProvenance } from '../../state/corpusSelectors'
import { ChartExports } from '../ChartExports'

/** The drawing as a file, with the run behind it in its description. */
export function FigureExports({ name, ...props }: Omit<ComponentProps<typeof ChartExports>, 'source'>) {
  return <ChartExports {...props} name={`ripplescope-${name}`} source={runProvenance} />
}
