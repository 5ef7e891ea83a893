import { formatCsv } from './csv'
import type { TokenLikelihood, TokenPrediction } from './tokenPrediction'

/** One row a token: the most probable of either text, then those asked for by id. Ranks count from 1. */
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

/** A token of a text and of its changed copy: both are the same but at a substitution. */
export interface LikelihoodCsvRow {
  readonly tokenBefore: string
  readonly tokenAfter: string
  readonly before: TokenLikelihood
  readonly after: TokenLikelihood
}

/** One row a token of the text; ln p in nats, ranks from 1. */
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
