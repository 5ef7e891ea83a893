import * as v from 'valibot'
import { type CommonConfig, wholeNumber } from '../../weights/modelConfigFields'

/** Describes a family that counts positions as RoBERTa does: from the ids, with padding left out. */
export interface CountedConfig extends CommonConfig {
  /** Row of the position table for the first position: padding_idx + 1. */
  readonly positionOffset: number
  readonly paddingIdx: number
}

export const countedEntries = {
  pad_token_id: v.pipe(
    v.number('this family counts positions from the ids, and needs that of padding'),
    wholeNumber,
  ),
}

interface CountedFields {
  readonly max_position_embeddings: number
  readonly pad_token_id: number
}

export const NO_POSITIONS = 'max_position_embeddings leaves no position behind pad_token_id'

export const hasPositions = (config: CountedFields) =>
  config.max_position_embeddings > config.pad_token_id + 1

/** @param rows of the position table */
export const countedPositions = (
  rows: number,
  paddingIdx: number,
): Pick<CountedConfig, 'maxPositions' | 'positionOffset' | 'paddingIdx'> => ({
  maxPositions: rows - paddingIdx - 1,
  positionOffset: paddingIdx + 1,
  paddingIdx,
})
