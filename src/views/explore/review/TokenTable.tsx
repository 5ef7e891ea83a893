import { startTransition, useCallback, useState } from 'react'
import { formatDecimals, formatSignedDecimals } from '../../../charts/formatNumber'
import { SortHeading, type SortValue, useSorting } from '../../../charts/sorting'
import { NORM_NAMES } from '../../../core/measures/norm'
import { entryLabel } from '../../../core/text/token'
import { answerKind } from '../../../state/review/answerKind'
import {
  exportReviewCsv,
  exportReviewJson,
  type ReviewRow,
  reviewRows,
} from '../../../state/review/reviewRows'
import { chosenPosition, modelInfo, pieceKind } from '../../../state/selectors'
import { OWN } from '../../../state/side/side'
import { useAppStore } from '../../appContext'
import { Exports } from '../../Exports'
import { useSide, useSideStore } from '../../side'
import { useTableOrder } from '../../useTableOrder'
import { quantityName } from '../layers/quantityNames'
import { useChoosing } from './useChoosing'

/** Number of rows before "more". */
const SHORT = 12
/** Name of the radio group; one such table is on the page. */
const GROUP = 'review-token'

/** Draws every token of the review, with what its nearest substitute does alone; loaded when it is opened. */
export default function TokenTable() {
  const rows = useSideStore(reviewRows)
  const chosen = useSideStore((state, side) =>
    side === OWN ? state.session.position : chosenPosition(state, side),
  )
  const kind = useSideStore(pieceKind)
  const answer = useSideStore(answerKind)
  const layers = useSideStore((state, side) => modelInfo(state, side)?.layers ?? null)
  const norm = useAppStore((state) => state.session.norm)
  const side = useSide()
  const choose = useChoosing()
  const [all, setAll] = useState(false)
  const sortValue = useCallback(
    ({ position, token, nearest, effect }: ReviewRow, column: string): SortValue => {
      if (column === 'token') return token
      if (column === 'nearest') return nearest.token
      if (column === 'cosine') return nearest.cosine
      if (column === 'shift') return nearest.shift[norm]
      if (column === 'distance') return effect?.distance ?? null
      if (column === 'answer') return effect?.answer?.change ?? null
      if (column === 'flips') return effect?.answer ? Number(effect.answer.flips) : null
      return position
    },
    [norm],
  )
  const sorting = useSorting(rows, sortValue, useTableOrder('tokens'))
  const shown = all
    ? sorting.rows
    : sorting.rows.filter(({ position }, i) => i < SHORT || position === chosen)
  const measured = rows.filter(({ effect }) => effect !== null).length
  const names = { norm, layers, kind: answer }
  const distance = quantityName('distance', names)
  const change = quantityName('answer', names)
  if (rows.length === 0)
    return <p className="panel-hint">The neighbours of its tokens are looked up first.</p>
  return (
    <>
      <p className="soft">
        Each token replaced by its nearest neighbour, alone: held changes are left aside.{' '}
        <span role="status">{measured < rows.length && `${measured} of ${rows.length} measured.`}</span>
      </p>
      <div className="all-tokens-frame" role="radiogroup" aria-label="Token of the review">
        <table className="table neighbors">
          <caption className="visually-hidden">All tokens of the review</caption>
          <thead>
            <tr>
              <SortHeading sorting={sorting} column="token">
                token
              </SortHeading>
              <SortHeading sorting={sorting} column="nearest">
                nearest
              </SortHeading>
              <SortHeading sorting={sorting} column="cosine" numeric className="number">
                cosine
              </SortHeading>
              <SortHeading sorting={sorting} column="shift" numeric className="number">
                shift {NORM_NAMES[norm]}
              </SortHeading>
              <SortHeading
                sorting={sorting}
                column="distance"
                numeric
                className="number"
                title={distance.title}
              >
                {distance.short}
              </SortHeading>
              {answer && (
                <SortHeading
                  sorting={sorting}
                  column="answer"
                  numeric
                  className="number"
                  title={change.title}
                >
                  {change.short}
                </SortHeading>
              )}
              {answer && answer !== 'score' && (
                <SortHeading sorting={sorting} column="flips" numeric>
                  flips
                </SortHeading>
              )}
              <SortHeading
                sorting={sorting}
                column="position"
                numeric
                className="number"
                title="position in the text, from 0; special tokens count"
              >
                place
              </SortHeading>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => {
              const { position, token, nearest, effect } = row
              const id = `${GROUP}-${position}`
              return (
                <tr key={position}>
                  <td>
                    <input
                      type="radio"
                      name={GROUP}
                      id={id}
                      checked={position === chosen}
                      onChange={() => choose(position)}
                    />
                    <label htmlFor={id}>{entryLabel(token, kind)}</label>
                  </td>
                  <td className="token-name">{entryLabel(nearest.token, kind)}</td>
                  <td className="number">{formatDecimals(nearest.cosine, 3)}</td>
                  <td className="number">{formatDecimals(nearest.shift[norm], 2)}</td>
                  <td className="number">{effect ? formatDecimals(effect.distance, 2) : <NotYet />}</td>
                  {answer && (
                    <td className="number">
                      {effect?.answer ? (
                        answer === 'label' || answer === 'score' ? (
                          formatSignedDecimals(effect.answer.change, 4)
                        ) : (
                          formatDecimals(effect.answer.change, 4)
                        )
                      ) : (
                        <NotYet />
                      )}
                    </td>
                  )}
                  {answer && answer !== 'score' && (
                    <td>{effect?.answer ? effect.answer.flips && <strong>flips</strong> : <NotYet />}</td>
                  )}
                  <td className="number soft">{position}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <div className="panel-tools">
        {all || shown.length < rows.length ? (
          <button
            type="button"
            className="button-text"
            aria-expanded={all}
            onClick={() => startTransition(() => setAll(!all))}
          >
            {all ? 'Fewer' : `${rows.length - shown.length} more`}
          </button>
        ) : (
          <span />
        )}
        <span className="row">
          <Exports
            title="Tokens"
            name="ripplescope-tokens"
            look="text"
            csv={(state) => exportReviewCsv(state, side)}
            json={(state) => exportReviewJson(state, side)}
          />
        </span>
      </div>
    </>
  )
}

function NotYet() {
  return (
    <span className="pending" title="not measured yet">
      ·
    </span>
  )
}
