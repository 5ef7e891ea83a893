import { useScrollFocus } from '../../charts/useScrollFocus'
import { type PairedToken, pairedTokens } from '../../core/comparison/predictionPairs'
import { isUnchanged, type PredictedToken } from '../../core/measures/tokenPrediction'
import { entryLabel } from '../../core/text/token'
import { Chance } from '../explore/answer/PredictedTokens'
import { type ShownPredictions, SIDES, type Side } from './comparePredictionShown'

interface CompareTokenTableProps {
  readonly shown: ShownPredictions
  /** Number of most probable tokens of either text and side; undefined for all that are known. */
  readonly count: number | undefined
}

/** Draws the most probable tokens of both sides, those with the same spelling in one row. */
export function CompareTokenTable({
  shown: { predictions, pairs, own, kinds, places, names },
  count,
}: CompareTokenTableProps) {
  const sides = SIDES.filter((side) => predictions[side])
  const columns = (side: Side) => {
    const prediction = predictions[side]
    return prediction && isUnchanged(prediction) ? ['probability'] : ['before', 'after']
  }
  const ids = (side: Side) => own[side].map(({ tokenId }) => tokenId)
  const rows = pairedTokens(predictions, pairs, { first: ids('first'), second: ids('second') }, count)
  const lacking = sides.length === 2 && rows.some(({ first, second }) => !first || !second)
  return (
    <>
      <section
        className="compare-frame"
        aria-label="Most probable tokens of both sides"
        ref={useScrollFocus()}
      >
        <table className="table predicted compare-predicted">
          <caption className="visually-hidden">Most probable tokens of both sides, before and after</caption>
          <colgroup>
            <col />
            {sides.flatMap((side) => columns(side).map((column) => <col key={`${side} ${column}`} />))}
          </colgroup>
          <thead>
            <tr>
              <td />
              {sides.map((side) => (
                <th
                  key={side}
                  scope="colgroup"
                  colSpan={columns(side).length}
                  className="number compare-name"
                  title={names[side]}
                >
                  {names[side]}
                  <span className="soft">{places[side]}</span>
                </th>
              ))}
            </tr>
            <tr>
              <th scope="col">token</th>
              {sides.flatMap((side) =>
                columns(side).map((column) => (
                  <th key={`${side} ${column}`} scope="col" className="number">
                    {column}
                  </th>
                )),
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.first?.tokenId} ${row.second?.tokenId}`}>
                <Name row={row} own={own} kinds={kinds} />
                {sides.map((side) => (
                  <Chances key={side} token={row[side]} single={columns(side).length === 1} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {lacking && <p className="soft">– that vocabulary has no single token of this spelling</p>}
    </>
  )
}

function Name({
  row: { first, second },
  own,
  kinds,
}: { readonly row: PairedToken } & Pick<ShownPredictions, 'own' | 'kinds'>) {
  const notes = [
    own.first.find(({ tokenId }) => tokenId === first?.tokenId)?.note,
    own.second.find(({ tokenId }) => tokenId === second?.tokenId)?.note,
  ]
  const note = [...new Set(notes)].filter(Boolean).join(', ')
  return (
    <th scope="row">
      {first ? entryLabel(first.token, kinds.first) : second && entryLabel(second.token, kinds.second)}
      {note && <span className="soft predicted-note">{note}</span>}
    </th>
  )
}

function Chances({ token, single }: { readonly token: PredictedToken | null; readonly single: boolean }) {
  if (!token) {
    return (
      <td className="number" colSpan={single ? 1 : 2}>
        –
      </td>
    )
  }
  return (
    <>
      {!single && <Chance chance={token.before} ranked={false} />}
      <Chance chance={token.after} ranked={false} />
    </>
  )
}
