import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'

/** Holds the linear layer P x + b from rows of a narrow word table to the hidden states' width. */
export interface TableProjection {
  /** P, float [width, tableWidth] */
  readonly weight: Value
  /** b, float [width] */
  readonly bias: Value
}

export function tableProjectionOf(
  { parameters }: GraphScope,
  name: string,
  tableWidth: number,
  width: number,
): TableProjection {
  return {
    weight: parameters.tensor(`${name}.weight`, [width, tableWidth]),
    bias: parameters.tensor(`${name}.bias`, [width]),
  }
}
