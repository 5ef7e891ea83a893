import { useCallback, useEffect, useState } from 'react'
import { formatDecimals, formatSignedDecimals } from '../../charts/formatNumber'
import { useScrollFocus } from '../../charts/useScrollFocus'
import type { LikelihoodPair, LikelihoodRow } from '../../core/comparison/likelihoodRows'
import { exportBothLikelihoodsCsv } from '../../state/compare/compareExports'
import { comparedLikelihoods, sideNames } from '../../state/compare/compareSelectors'
import {
  activeLikelihoods,
  languageModelHead,
  likelihoodsKey,
  type TextLikelihoods,
  totalLogProbability,
} from '../../state/selectors'
import { OTHER, OWN } from '../../state/side/side'
import { useActions, useAppStore, useAppStoreApi } from '../appContext'
import { Exports } from '../Exports'
import { ForwardProgress } from '../explore/ForwardProgress'
import { alignedTokens } from './compareTokens'

type Keys = readonly [first: string | null, second: string | null]

/** Keys for causal models, which answer every change with one forward a text. */
const FOLLOWING: Keys = ['', '']
const NOBODY: Keys = [null, null]

/** Returns a function that requests both sides' likelihoods, by the keys of their changes. */
function useReadBoth(): (keys: Keys) => void {
  const { readLikelihoods } = useActions()
  return useCallback(
    (keys) => {
      for (const side of [OWN, OTHER]) readLikelihoods(keys[side], side, 'comparison')
    },
    [readLikelihoods],
  )
}

/** Shows how well two language models expect their texts, a row for each aligned pair; requested when it is opened. */
export function CompareLikelihoods() {
  const first = useAppStore((state) => languageModelHead(state))
  const [open, setOpen] = useState(false)
  const readBoth = useReadBoth()
  useEffect(() => {
    if (!open) return
    // Costs one forward a text: causal models follow every change while this is open.
    readBoth(FOLLOWING)
    return () => readBoth(NOBODY)
  }, [open, readBoth])
  if (!first) return null
  return (
    <details className="compare-layers" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Likelihood of both texts</summary>
      {open && <Both />}
    </details>
  )
}

function Both() {
  const [firstName, secondName] = useAppStore(sideNames)
  const first = useAppStore((state) => activeLikelihoods(state))
  const second = useAppStore((state) => activeLikelihoods(state, OTHER))
  const failure = useAppStore(
    ({ sides }) => sides[OWN].likelihoods.failure ?? sides[OTHER].likelihoods.failure,
  )
  const masked = useAppStore(
    (state) => languageModelHead(state) === 'masked-lm' || languageModelHead(state, OTHER) === 'masked-lm',
  )
  const readBoth = useReadBoth()
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
        <ForwardProgress
          label="Tokens measured"
          done={done}
          total={total}
          onStop={() => readBoth(FOLLOWING)}
        />
      )}
      <Total name={firstName} likelihoods={first} />
      <Total name={secondName} likelihoods={second} />
      <Rows
        changed={first.substitutions.length + second.substitutions.length > 0}
        names={[firstName, secondName]}
      />
      {done === total && (
        <Exports
          title="Likelihoods of both texts"
          name="ripplescope-comparison-likelihoods"
          look="text"
          csv={exportBothLikelihoodsCsv}
        />
      )}
    </>
  )
}

function MeasureBoth() {
  const store = useAppStoreApi()
  const ready = useAppStore(
    (state) => likelihoodsKey(state) !== null && likelihoodsKey(state, OTHER) !== null,
  )
  const readBoth = useReadBoth()
  const measure = () => {
    const [first, second] = [likelihoodsKey(store.getState()), likelihoodsKey(store.getState(), OTHER)]
    if (first !== null && second !== null) readBoth([first, second])
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
  readonly names: readonly [first: string, second: string]
}

function Rows({ changed, names }: RowsProps) {
  const rows = useAppStore(comparedLikelihoods)
  const labels = useAppStore(alignedTokens)
  const columns = changed ? ['before', 'Δ ln p'] : ['ln p']
  const labelOf = ({ block }: LikelihoodRow) => {
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
            {names.map((name) => (
              <th
                key={name}
                scope="colgroup"
                colSpan={columns.length}
                className="number compare-name"
                title={name}
              >
                {name}
              </th>
            ))}
          </tr>
          <tr>
            <th scope="col">tokens</th>
            {names.flatMap((name) =>
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
