import { useState } from 'react'
import { formatDecimals } from '../../../charts/formatNumber'
import type { ClosestTokens } from '../../../core/explorer'
import { entryLabel } from '../../../core/text/token'
import type { PieceKind } from '../../../core/text/tokenPieces'
import { memoizeSides } from '../../../state/memoize'
import { activeReading, chosenPosition, pieceKind } from '../../../state/selectors'
import { isModelOpen } from '../../../state/side/sideModel'
import type { AppStoreState } from '../../../state/store'
import { useAppStore } from '../../appContext'
import { NO_COUNTERPART, SideSwitch, useNoCounterpart, useSide, useSideStore } from '../../side'
import { Term } from '../../Term'
import { usePhone } from '../../usePhone'
import { useWanted } from '../../useWanted'
import { useMeasuring } from '../useMeasuring'
import { useSteady } from '../useSteady'
import { LastLayerReading } from './LastLayerReading'

/** Number of layers above which every second layer is shown at first. */
const FEW_LAYERS = 8

/** Shows the token closest to the chosen position, layer by layer: the paper's table for "ashamed". */
export function ReadingPanel() {
  const phone = usePhone()
  return (
    <section className="panel" aria-labelledby="reading-heading">
      <div className="panel-head">
        <h2 id="reading-heading">Closest word at each layer</h2>
        <span className="soft">
          what the hidden state <Term name="Reads as, closest token">reads as</Term>
        </span>
      </div>
      <SideSwitch what="Closest tokens" />
      {phone ? (
        <details>
          <summary>Show the layers</summary>
          <PositionReading />
        </details>
      ) : (
        <PositionReading />
      )}
      <LastLayerReading />
    </section>
  )
}

/** Returns a reading with the tokens that were at its position. */
const shownReading = memoizeSides(
  (state: AppStoreState, side) => [activeReading(state, side), pieceKind(state, side)],
  (state, side) => {
    const reading = activeReading(state, side)
    if (!reading) return null
    const { tokenized, substitutions, position } = reading
    const originalId = tokenized.tokens[position].id
    const substitution = substitutions.find((one) => one.position === position)
    return {
      ...reading,
      originalId,
      substituteId: substitution?.tokenId ?? originalId,
      kind: pieceKind(state, side),
    }
  },
)

function PositionReading() {
  const { status, failure } = useSideStore((state, side) => state.sides[side].reading)
  const position = useSideStore(chosenPosition)
  const measuring = useMeasuring()
  const [topFive, setTopFive] = useState(false)
  const [allLayers, setAllLayers] = useState(false)

  const side = useSide()
  useWanted('reading')
  const alone = useNoCounterpart()
  const waiting = useAppStore((state) => isModelOpen(state, side) && status === 'loading')
  const { shown: kept, stale } = useSteady(useSideStore(shownReading), measuring || waiting)

  if (position === null) {
    return (
      <p className="panel-hint">
        {alone ? NO_COUNTERPART : 'Choose a token to see what each layer makes of it.'}
      </p>
    )
  }
  if (!kept) {
    return (
      <p className="panel-hint reading-waiting">
        {status === 'error' ? failure?.message : 'Waiting for the model.'}
      </p>
    )
  }
  const { original, perturbed, originalId, substituteId, kind } = kept
  const deep = original.length > FEW_LAYERS
  const shown = original.flatMap((before, i) =>
    allLayers || !deep || i % 2 === 0 || i === original.length - 1
      ? [{ before, after: perturbed[i] ?? before }]
      : [],
  )
  return (
    <>
      <table className={stale ? 'table reading stale' : 'table reading'}>
        <caption className="visually-hidden">
          Closest tokens of the vocabulary to the hidden state, original and perturbed
        </caption>
        <thead>
          <tr>
            <th scope="col">layer</th>
            <th scope="col">original</th>
            <th scope="col">perturbed</th>
            <th
              scope="col"
              className="number"
              title="cosine of the perturbed hidden state and its closest token"
            >
              cosine
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ before, after }) => (
            <tr key={before.layer}>
              <th scope="row">{before.layer === 0 ? 'emb' : `layer ${before.layer}`}</th>
              <Closest reading={before} ownId={originalId} kind={kind} topFive={topFive} />
              <Closest reading={after} ownId={substituteId} kind={kind} topFive={topFive} />
              <td className="number">{formatDecimals(after.tokens[0]?.cosine ?? Number.NaN, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="panel-tools">
        <label className="check">
          <input type="checkbox" checked={topFive} onChange={() => setTopFive(!topFive)} />
          top 5 with cosine
        </label>
        {deep && (
          <label className="check">
            <input type="checkbox" checked={allLayers} onChange={() => setAllLayers(!allLayers)} />
            all layers
          </label>
        )}
      </div>
    </>
  )
}

interface ClosestProps {
  readonly reading: ClosestTokens
  /** Id of the token at that position. */
  readonly ownId: number
  readonly kind: PieceKind
  readonly topFive: boolean
}

function Closest({ reading, ownId, kind, topFive }: ClosestProps) {
  const [first] = reading.tokens
  const elsewhere = first !== undefined && first.tokenId !== ownId
  return (
    <td
      className={elsewhere ? 'elsewhere' : undefined}
      title={elsewhere ? 'no longer reads as its own token' : undefined}
    >
      {topFive ? (
        <ol className="reading-top">
          {reading.tokens.map(({ tokenId, token, cosine }) => (
            <li key={tokenId}>
              {entryLabel(token, kind)} <span className="soft">{formatDecimals(cosine, 2)}</span>
            </li>
          ))}
        </ol>
      ) : first ? (
        entryLabel(first.token, kind)
      ) : (
        '–'
      )}
    </td>
  )
}
