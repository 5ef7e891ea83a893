import type { LikelihoodRow } from '../comparison/likelihoodRows'
import type { PairedToken } from '../comparison/predictionPairs'
import type { TokenLikelihood, TokenPrediction } from '../measures/tokenPrediction'
import { formatCsv } from './csv'

/** Writes one row per token: the most probable of either text, then those asked for by id. Ranks count from 1. */
export function formatPredictionCsv({ before, after, also }: TokenPrediction): string {
  const tokens = new Map([...after, ...before, ...also].map((token) => [token.tokenId, token]))
  return formatCsv(
    ['token_id', 'token', 'probability_before', 'rank_before', 'probability_after', 'rank_after'],
    [...tokens.values()].map(({ tokenId, token, before, after }) => ({
      token_id: tokenId,
      token,
      probability_before: before.probability,
      rank_before: before.rank,
      probability_after: after.probability,
      rank_after: after.rank,
    })),
  )
}

/** Pairs a token of a text with the one in its changed copy: both are the same but at a substitution. */
export interface LikelihoodCsvRow {
  readonly tokenBefore: string
  readonly tokenAfter: string
  readonly before: TokenLikelihood
  readonly after: TokenLikelihood
}

/** Writes one row per token of the text; ln p in nats, ranks from 1. */
export function formatLikelihoodsCsv(rows: readonly LikelihoodCsvRow[]): string {
  return formatCsv(
    ['position', 'token_before', 'token_after', 'ln_p_before', 'rank_before', 'ln_p_after', 'rank_after'],
    rows.map(({ tokenBefore, tokenAfter, before, after }) => ({
      position: before.position,
      token_before: tokenBefore,
      token_after: tokenAfter,
      ln_p_before: before.logProbability,
      rank_before: before.rank,
      ln_p_after: after.logProbability,
      rank_after: after.rank,
    })),
  )
}

/** Writes one row per token of either side; tokens that spell the same share a row. */
export function formatPairedTokensCsv(rows: readonly PairedToken[]): string {
  const sides = ['first', 'second'] as const
  const columns = sides.flatMap((side) =>
    ['token_id', 'token', 'probability_before', 'rank_before', 'probability_after', 'rank_after'].map(
      (column) => `${side}_${column}`,
    ),
  )
  return formatCsv(
    columns,
    rows.map((row) =>
      Object.fromEntries(
        sides.flatMap((side) => {
          const token = row[side]
          return [
            [`${side}_token_id`, token?.tokenId ?? null],
            [`${side}_token`, token?.token ?? null],
            [`${side}_probability_before`, token?.before.probability ?? null],
            [`${side}_rank_before`, token?.before.rank ?? null],
            [`${side}_probability_after`, token?.after.probability ?? null],
            [`${side}_rank_after`, token?.after.rank ?? null],
          ]
        }),
      ),
    ),
  )
}

/** Holds a row of both sides, with the tokens of either as their vocabularies write them. */
export interface ComparedLikelihoodCsvRow extends LikelihoodRow {
  readonly tokensFirst: string
  readonly tokensSecond: string
}

/** Writes one row per aligned block; ln p in nats, summed over the block's tokens. */
export function formatComparedLikelihoodsCsv(rows: readonly ComparedLikelihoodCsvRow[]): string {
  return formatCsv(
    [
      'first_tokens',
      'second_tokens',
      'first_ln_p_before',
      'first_ln_p_after',
      'second_ln_p_before',
      'second_ln_p_after',
    ],
    rows.map(({ tokensFirst, tokensSecond, first, second }) => ({
      first_tokens: tokensFirst,
      second_tokens: tokensSecond,
      first_ln_p_before: first?.before ?? null,
      first_ln_p_after: first?.after ?? null,
      second_ln_p_before: second?.before ?? null,
      second_ln_p_after: second?.after ?? null,
    })),
  )
}
