import { useCallback, useEffect, useState } from 'react'
import { formatDecimals, formatNumber, formatSignedDecimals } from '../../../charts/formatNumber'
import { SortHeading, type SortValue, useSorting } from '../../../charts/sorting'
import type { Norm } from '../../../core/measures/norm'
import { NORM_NAMES } from '../../../core/measures/norm'
import { entryLabel } from '../../../core/text/token'
import type { PieceKind } from '../../../core/text/tokenPieces'
import type { NeighborRow } from '../../../state/selectors'
import { useTableOrder } from '../../useTableOrder'

/**
 * Names the effect shown. `label`: a classifier's probability. `next-token`: a causal language model's. `mask`: a
 * masked one's.
 */
export type Effect = 'label' | 'next-token' | 'mask'

const EFFECTS: Readonly<Record<Effect, { readonly heading: string; readonly title: string }>> = {
  label: { heading: 'Δ p', title: 'change of the probability of the label that stood first' },
  'next-token': {
    heading: 'KL next',
    title: 'Kullback–Leibler divergence, in nats, of the next token’s distribution after the text',
  },
  mask: { heading: 'p', title: 'probability of the substitute where the chosen token is masked' },
}

function effectOf({ difference, divergence, probability }: NeighborRow, effect: Effect) {
  if (effect === 'label') return { value: difference, format: (p: number) => formatSignedDecimals(p, 4) }
  return effect === 'mask'
    ? { value: probability, format: (p: number) => formatDecimals(p, 4) }
    : { value: divergence, format: formatNumber }
}

export interface NeighborTableProps {
  readonly rows: readonly NeighborRow[]
  readonly kind?: PieceKind
  readonly norm: Norm
  /** Number of rows before "more". */
  readonly short: number
  /** Index of the last layer; null while the model is not known. */
  readonly lastLayer: number | null
  /** Content of the last column: the effect on the answer of the model's head; null without one. */
  readonly effect: Effect | null
  readonly stale: boolean
  readonly onChoose: (tokenId: number) => void
  /** Called when the pointer enters a row, or leaves it (null). */
  readonly onConsider?: (tokenId: number | null) => void
  /** Called when all rows are to be measured: they are sorted by what only a forward tells. */
  readonly onWantAll?: (wanted: boolean) => void
}

/** Columns that a forward fills. */
const MEASURED: ReadonlySet<string> = new Set(['distance', 'effect'])

/**
 * Name of the radio group; the page shows one such table. Chromium holds memory for every group name used while the
 * page is open.
 */
const GROUP = 'substitute'

/** Draws the substitutes of one position. Rows are one group of radio buttons: arrow keys go from one to the next. */
export function NeighborTable(props: NeighborTableProps) {
  const { rows, kind, norm, short, lastLayer, effect, stale, onChoose, onConsider, onWantAll } = props
  const [all, setAll] = useState(false)
  const [raw, setRaw] = useState(false)
  const sortValue = useCallback(
    (row: NeighborRow, column: string): SortValue => {
      if (column === 'token') return row.token
      if (column === 'cosine') return row.cosine
      if (column === 'distance') return row.distance
      if (column === 'effect') return effect && effectOf(row, effect).value
      return (raw ? row.rawShift : row.shift)[norm]
    },
    [raw, norm, effect],
  )
  const sorting = useSorting(rows, sortValue, useTableOrder('substitutes'))
  const byMeasured = sorting.sort !== null && MEASURED.has(sorting.sort.column)
  useEffect(() => {
    if (!byMeasured) return
    onWantAll?.(true)
    return () => onWantAll?.(false)
  }, [byMeasured, onWantAll])
  const shown = all ? sorting.rows : sorting.rows.filter((row, i) => i < short || row.chosen)
  const hidden = rows.length - shown.length

  return (
    <div role="radiogroup" aria-label="Substitute">
      <table className={stale ? 'table neighbors stale' : 'table neighbors'}>
        <caption className="visually-hidden">
          Substitutes, {sorting.sort ? 'sorted' : 'nearest first'}
        </caption>
        <thead>
          <tr>
            <SortHeading sorting={sorting} column="token">
              substitute
            </SortHeading>
            <SortHeading
              sorting={sorting}
              column="cosine"
              numeric
              className="number"
              title="cosine of the two rows of the word-embedding table (eq. 1)"
            >
              cosine
            </SortHeading>
            <SortHeading
              sorting={sorting}
              column="shift"
              numeric
              className="number"
              title={
                raw
                  ? 'norm of the difference of the two rows of the word-embedding table'
                  : 'norm of h₀(x) − h₀(x′), after position, type and LayerNorm'
              }
            >
              {raw ? 'raw shift' : 'shift'} {NORM_NAMES[norm]}
            </SortHeading>
            <SortHeading
              sorting={sorting}
              column="distance"
              numeric
              className="number"
              title="D_l at the last layer: l2 over the whole sequence"
            >
              D at layer {lastLayer ?? 'L'}
            </SortHeading>
            {effect && (
              <SortHeading
                sorting={sorting}
                column="effect"
                numeric
                className="number"
                title={EFFECTS[effect].title}
              >
                {EFFECTS[effect].heading}
              </SortHeading>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => {
            const { tokenId, token, cosine, shift, rawShift, chosen, distance, flips } = row
            const id = `${GROUP}-${tokenId}`
            return (
              <tr
                key={tokenId}
                onPointerEnter={() => onConsider?.(tokenId)}
                onPointerLeave={() => onConsider?.(null)}
              >
                <td>
                  <input
                    type="radio"
                    name={GROUP}
                    id={id}
                    checked={chosen}
                    onChange={() => onChoose(tokenId)}
                  />
                  <label htmlFor={id}>{entryLabel(token, kind)}</label>
                </td>
                <td className="number">{formatDecimals(cosine, 3)}</td>
                <td className="number">{formatDecimals((raw ? rawShift : shift)[norm], 2)}</td>
                <td className="number">
                  <Pending value={distance} format={(value) => formatDecimals(value, 2)} />
                </td>
                {effect && (
                  <td
                    className={flips ? 'number flips' : 'number'}
                    title={
                      flips
                        ? effect === 'label'
                          ? 'the label flips'
                          : 'another token comes first'
                        : undefined
                    }
                  >
                    {flips && (
                      <span className="visually-hidden">
                        {effect === 'label' ? 'label' : 'top token'} flips:{' '}
                      </span>
                    )}
                    <Pending {...effectOf(row, effect)} />
                  </td>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
      <div className="panel-tools">
        {hidden > 0 || all ? (
          <button type="button" className="button-text" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Fewer' : `${hidden} more`}
          </button>
        ) : (
          <span />
        )}
        <label className="check">
          <input type="checkbox" checked={raw} onChange={() => setRaw(!raw)} />
          raw shift (before LayerNorm)
        </label>
      </div>
    </div>
  )
}

function Pending({
  value,
  format,
}: {
  readonly value: number | null
  readonly format: (value: number) => string
}) {
  if (value !== null) return format(value)
  return (
    <span className="pending" title="choose the row to measure it">
      ·
    </span>
  )
}
