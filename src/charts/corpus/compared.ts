import type { BandSeries, BandValue } from './bandChartGeometry'

/** The same figure of the run that is kept beside the open one. */
export interface Compared<F> {
  readonly figure: F | null
  /** Of the open run, and of the one beside it. */
  readonly names: readonly [open: string, beside: string]
  /** L of each. */
  readonly layers: readonly [open: number, beside: number]
}

/** Whether layers of two models stand at their relative depth l / L, since one has more than the other. */
export function isByDepth({ layers: [open, beside] }: Pick<Compared<unknown>, 'layers'>): boolean {
  return open !== beside
}

/** A line for each of the two runs, one over the other. */
export function comparedSeries<F>(
  figure: F | null,
  compared: Compared<F>,
  read: (figure: F) => readonly BandValue[],
): BandSeries[] {
  const byDepth = isByDepth(compared)
  return [figure, compared.figure].map((of, i) => ({
    id: `run-${i}`,
    label: compared.names[i],
    className: `chart-series-${i}`,
    layers: (of === null ? [] : read(of)).map((value) =>
      byDepth ? { ...value, layer: value.layer / compared.layers[i] } : value,
    ),
  }))
}
