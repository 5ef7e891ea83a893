import { formatDecimals } from '../../../charts/formatNumber'
import type { PredictedToken, TokenChance, TokenPrediction } from '../../../core/measures/tokenPrediction'
import { entryLabel } from '../../../core/text/token'
import type { PieceKind } from '../../../core/text/tokenPieces'
import type { OwnToken } from '../../../state/explore/ownTokens'

interface PredictedTokensProps {
  readonly prediction: TokenPrediction
  /** Tokens of the text itself at its place. */
  readonly own: readonly OwnToken[]
  readonly kind: PieceKind
  readonly causal: boolean
  /** True if both texts have one distribution, and so one column. */
  readonly same: boolean
  /** Number of most probable tokens of either text; absent for all that are known. */
  readonly count?: number
}

/** Draws the most probable tokens of either text, best after the change first, and the text's own tokens. */
export function PredictedTokens({ prediction, own, kind, causal, same, count }: PredictedTokensProps) {
  const rows = unitedTop(prediction, count)
  const listed = new Set(rows.map(({ tokenId }) => tokenId))
  const further = own.flatMap(({ tokenId }) =>
    listed.has(tokenId) ? [] : (prediction.also.find((token) => token.tokenId === tokenId) ?? []),
  )
  const noteOf = (tokenId: number) => own.find((token) => token.tokenId === tokenId)?.note
  return (
    <table className="table predicted">
      <caption className="visually-hidden">
        {causal ? 'Most probable next tokens' : 'Most probable tokens at the mask'}
        {same ? '' : ', before and after the change'}
      </caption>
      <thead>
        <tr>
          <th scope="col">token</th>
          {same ? (
            <th scope="col" className="number">
              probability
            </th>
          ) : (
            <>
              <th scope="col" className="number">
                before
              </th>
              <th scope="col" className="number">
                after
              </th>
            </>
          )}
        </tr>
      </thead>
      <tbody>
        {[...rows, ...further].map((token) => (
          <Row key={token.tokenId} token={token} kind={kind} same={same} note={noteOf(token.tokenId)} />
        ))}
      </tbody>
    </table>
  )
}

/** Returns the top tokens of both texts once each, in the order of the perturbed one. */
function unitedTop({ before, after }: TokenPrediction, count = after.length): PredictedToken[] {
  const united = new Map([...after.slice(0, count), ...before.slice(0, count)].map((t) => [t.tokenId, t]))
  return [...united.values()].sort((a, b) => a.after.rank - b.after.rank)
}

interface RowProps {
  readonly token: PredictedToken
  readonly kind: PieceKind
  readonly same: boolean
  /** Role of the token in the text: `original`, `next in the text`. */
  readonly note: string | undefined
}

function Row({ token, kind, same, note }: RowProps) {
  return (
    <tr>
      <th scope="row">
        {entryLabel(token.token, kind)}
        {note && <span className="soft predicted-note">{note}</span>}
      </th>
      {!same && <Chance chance={token.before} ranked={note !== undefined} />}
      <Chance chance={token.after} ranked={note !== undefined} />
    </tr>
  )
}

/** Draws a probability and its bar. @param ranked whether the rank is written too: the other rows are in its order */
export function Chance({
  chance: { probability, rank },
  ranked,
}: {
  readonly chance: TokenChance
  readonly ranked: boolean
}) {
  return (
    <td className="number" title={`rank ${rank}`}>
      {formatDecimals(probability, 3)}
      <span className="bar" aria-hidden="true">
        <span style={{ width: `${probability * 100}%` }} />
      </span>
      {ranked && <span className="soft">rank {rank}</span>}
    </td>
  )
}
