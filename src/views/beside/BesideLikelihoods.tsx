import { useEffect, useState } from 'react'
import { formatDecimals, formatSignedDecimals } from '../../charts/formatNumber'
import { useScrollFocus } from '../../charts/useScrollFocus'
import type { BesideLikelihoodRow, LikelihoodPair } from '../../core/besideLikelihood'
import { exportBesideLikelihoodsCsv } from '../../state/beside/besideExports'
import {
  besideHead,
  besideLikelihoods,
  besideLikelihoodsKey,
  besideLikelihoodTable,
  besideNames,
} from '../../state/beside/besideSelectors'
import {
  activeLikelihoods,
  languageModelHead,
  likelihoodsKey,
  type TextLikelihoods,
  totalLogProbability,
} from '../../state/selectors'
import { useActions, useAppStore, useAppStoreApi } from '../appContext'
import { Exports } from '../Exports'
import { LikelihoodProgress } from '../explore/LikelihoodProgress'
import { alignedTokens } from './besideTokens'

const FOLLOWING = { first: '', second: '' }

/** How well two language models expect their texts, what stands opposite in one row; asked for when it is opened. */
export function BesideLikelihoods() {
  const first = useAppStore(languageModelHead)
  const [open, setOpen] = useState(false)
  const { readBothLikelihoods } = useActions()
  useEffect(() => {
    if (!open) return
    // One forward a text: causal models follow every change while this is open.
    readBothLikelihoods(FOLLOWING)
    return () => readBothLikelihoods(null)
  }, [open, readBothLikelihoods])
  if (!first) return null
  return (
    <details className="beside-layers" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Likelihood of both texts</summary>
      {open && <Both />}
    </details>
  )
}

function Both() {
  const names = useAppStore(besideNames)
  const first = useAppStore(activeLikelihoods)
  const second = useAppStore(besideLikelihoods)
  const failure = useAppStore((state) => state.likelihoods.failure ?? state.beside.likelihoods.failure)
  const masked = useAppStore(
    (state) => languageModelHead(state) === 'masked-lm' || besideHead(state) === 'masked-lm',
  )
  const { readBothLikelihoods } = useActions()
  const [done, total] = [first, second].reduce(
    ([sum, all], side) => [sum + (side?.done ?? 0), all + (side?.total ?? 0)],
    [0, 0],
  )
  if (failure && failure.kind !== 'not-ready') {
    return (
      <p className="panel-hint" role="alert">
        {failure.message} {failure.advice}
      </p>
    )
  }
  if (!first || !second)
    return masked ? <MeasureBoth /> : <p className="panel-hint">Waiting for both sides.</p>
  return (
    <>
      {masked && done < total && (
        <LikelihoodProgress done={done} total={total} onStop={() => readBothLikelihoods(FOLLOWING)} />
      )}
      <Total name={names.first} likelihoods={first} />
      <Total name={names.second} likelihoods={second} />
      <Rows changed={first.substitutions.length + second.substitutions.length > 0} names={names} />
      {done === total && (
        <Exports
          title="Likelihoods of both texts"
          name="ripplescope-beside-likelihoods"
          look="text"
          csv={exportBesideLikelihoodsCsv}
        />
      )}
    </>
  )
}

function MeasureBoth() {
  const store = useAppStoreApi()
  const ready = useAppStore((state) => likelihoodsKey(state) !== null && besideLikelihoodsKey(state) !== null)
  const { readBothLikelihoods } = useActions()
  const measure = () => {
    const [first, second] = [likelihoodsKey(store.getState()), besideLikelihoodsKey(store.getState())]
    if (first !== null && second !== null) readBothLikelihoods({ first, second })
  }
  return (
    <>
      <p className="soft">
        In a masked model each token is masked in turn and its probability taken (Salazar et al. 2020): one
        forward a token, on either side.
      </p>
      <button type="button" className="button" disabled={!ready} onClick={measure}>
        Measure each token of both texts
      </button>
    </>
  )
}

function Total({ name, likelihoods }: { readonly name: string; readonly likelihoods: TextLikelihoods }) {
  const { before, after, done, total } = likelihoods
  if (done < total || total === 0) return null
  const [was, is] = [before, after].map(totalLogProbability)
  return (
    <p className="soft" title="sum of ln p over the side’s tokens that have one">
      {name}: ln p {formatDecimals(was, 2)}
      {before !== after && ` → ${formatDecimals(is, 2)}`} nats over {before.length} tokens
      {before !== after && ` · change ${formatSignedDecimals(is - was, 2)}`}
    </p>
  )
}

interface RowsProps {
  readonly changed: boolean
  readonly names: { readonly first: string; readonly second: string }
}

function Rows({ changed, names }: RowsProps) {
  const rows = useAppStore(besideLikelihoodTable)
  const labels = useAppStore(alignedTokens)
  const columns = changed ? ['before', 'Δ ln p'] : ['ln p']
  const labelOf = ({ block }: BesideLikelihoodRow) => {
    const ours = block.first.map((position) => labels?.first[position] ?? '').join(' ')
    const theirs = block.second.map((position) => labels?.second[position] ?? '').join(' ')
    return ours === theirs ? ours : `${ours || '–'} / ${theirs || '–'}`
  }
  return (
    <section
      className="likelihoods"
      aria-label="Likelihood of both texts"
      ref={useScrollFocus<HTMLElement>()}
    >
      <table className="table">
        <caption className="visually-hidden">
          ln p of what stands opposite each other, summed over its tokens, in nats
        </caption>
        <thead>
          <tr>
            <td />
            {[names.first, names.second].map((name) => (
              <th
                key={name}
                scope="colgroup"
                colSpan={columns.length}
                className="number beside-name"
                title={name}
              >
                {name}
              </th>
            ))}
          </tr>
          <tr>
            <th scope="col">tokens</th>
            {[names.first, names.second].flatMap((name) =>
              columns.map((column) => (
                <th key={`${name} ${column}`} scope="col" className="number" title="in nats">
                  {column}
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.block.first[0]} ${row.block.second[0]}`}>
              <th scope="row">{labelOf(row)}</th>
              <Cells pair={row.first} changed={changed} />
              <Cells pair={row.second} changed={changed} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Cells({ pair, changed }: { readonly pair: LikelihoodPair | null; readonly changed: boolean }) {
  return (
    <>
      <td className="number">{pair ? formatDecimals(pair.before, 2) : '·'}</td>
      {changed && (
        <td className="number">{pair ? formatSignedDecimals(pair.after - pair.before, 2) : '·'}</td>
      )}
    </>
  )
}
