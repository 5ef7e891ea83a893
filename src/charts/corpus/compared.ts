import type { LineSeries, LineValue } from '../line/lineChartGeometry'

/** Holds the same figure of the run that is compared with the open one. */
export interface Compared<F> {
  readonly figure: F | null
  /** Names of the open run and of the one compared. */
  readonly names: readonly [open: string, compared: string]
  /** Number of layers L of each. */
  readonly layers: readonly [open: number, compared: number]
}

/**
 * Says whether layers of two models are drawn at their relative depth l / L, because one model has more than the other.
 */
export function isByDepth({ layers: [open, compared] }: Pick<Compared<unknown>, 'layers'>): boolean {
  return open !== compared
}

/** Returns the lines of both runs in one list. */
export function comparedSeries<F>(
  figure: F | null,
  compared: Compared<F>,
  read: (figure: F) => readonly LineValue[],
): LineSeries[] {
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
