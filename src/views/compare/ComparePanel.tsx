import { useEffect, useRef, useState } from 'react'
import { formatNumber } from '../../charts/formatNumber'
import type { ModelInfo } from '../../core/explorer'
import { changeLabel, comparedTable, secondModelOffer, sideNames } from '../../state/compare/compareSelectors'
import { modelInfo } from '../../state/selectors'
import { OTHER } from '../../state/side/side'
import type { AppStoreState } from '../../state/store'
import { useActions, useAppStore } from '../appContext'
import { ReviewEditor } from '../explore/review/ReviewEditor'
import { ModelTargetProvider } from '../models/modelTarget'
import { FORMAT_NAMES } from '../models/modelWords'
import { OpeningModel } from '../models/OpeningModel'
import { AlignedRows } from './AlignedRows'
import './compare.css'
import { useTextEditing } from '../explore/review/useTextEditing'
import { CompareChange } from './CompareChange'
import { CompareOffer } from './CompareOffer'

interface ComparePanelProps {
  /** True if the user asked for it on this page: then it scrolls into view. */
  readonly arriving: boolean
}

/** Draws two models, or one model and two texts: the tokens of both, aligned, and the change on either side. */
export default function ComparePanel({ arriving }: ComparePanelProps) {
  const panel = useRef<HTMLElement>(null)
  const { closeComparison, chooseComparison } = useActions()
  const stands = useAppStore((state) => state.session.comparison !== null)
  const hasText = useAppStore((state) => (state.session.comparison?.text ?? null) !== null)
  const [textAtFirst, setTextAtFirst] = useState(hasText && !arriving)
  if (textAtFirst && !hasText) setTextAtFirst(false)
  useEffect(() => {
    if (arriving) panel.current?.scrollIntoView({ block: 'nearest' })
  }, [arriving])
  const close = () => {
    closeComparison()
    document.querySelector<HTMLElement>('.compare-button')?.focus()
  }
  return (
    <section className="compare" id="compare" aria-labelledby="compare-heading" ref={panel}>
      <div className="panel-head">
        <h2 id="compare-heading">Side by side</h2>
        <div className="compare-tools">
          {stands && (
            <button type="button" className="button-text" onClick={() => chooseComparison(true)}>
              Compare with something else…
            </button>
          )}
          <button type="button" className="button" onClick={close}>
            Close the comparison
          </button>
        </div>
      </div>
      <ModelTargetProvider side={OTHER}>
        <OpeningModel />
      </ModelTargetProvider>
      {stands && (
        <>
          <CompareOffer />
          {hasText && <SecondText fresh={!textAtFirst} />}
          <Both />
        </>
      )}
      <p className="visually-hidden" aria-live="polite">
        {useAppStore(spoken)}
      </p>
    </section>
  )
}

/** Describes the second side's result in one sentence, for screen readers. */
function spoken(state: AppStoreState): string {
  const table = comparedTable(state)
  const label = changeLabel(state, OTHER)
  const last = table?.layers.at(-1)
  if (!table || label === null || !last) return ''
  const { first, second } = table.lastRelative
  return (
    `${sideNames(state)[OTHER]}: ${label}: distance ${formatNumber(table.lastDistance.second ?? Number.NaN)} ` +
    `at layer ${last.layers.second}; relative ${formatNumber(second ?? Number.NaN)}, ` +
    `on the first side ${formatNumber(first ?? Number.NaN)}`
  )
}

/** Draws both sides if both are tokenised; else says what is missing. */
function Both() {
  const second = useAppStore((state) => modelInfo(state, OTHER))
  const first = useAppStore((state) => modelInfo(state))
  const offered = useAppStore(secondModelOffer) !== null
  const oneModel = useAppStore((state) => state.session.comparison?.model === null)
  const returning = useAppStore(({ session, compare }) =>
    compare.returning ? session.comparison?.model?.id : undefined,
  )
  const failure = useAppStore(({ sides }) => {
    const { tokenized, chosenNeighbors, measurement } = sides[OTHER]
    return tokenized.failure ?? chosenNeighbors.failure ?? measurement.failure
  })
  if (!second) {
    if (returning) return <p className="panel-hint">{returning} opens again once the first model is there.</p>
    return offered || !oneModel ? null : (
      <p className="panel-hint">Both texts are read as soon as the model is open.</p>
    )
  }
  return (
    <>
      <AlignedRows />
      {failure && (
        <p role="alert" className="problem">
          {failure.message} {failure.advice}
        </p>
      )}
      <CompareChange />
      <ul className="compare-sources soft">
        {first && <Source info={first} />}
        {!oneModel && <Source info={second} />}
      </ul>
    </>
  )
}

/** Names the source of one side's numbers. */
function Source({ info }: { readonly info: ModelInfo }) {
  const { provenance, details, family, id } = info
  const { sha256, revision, precision, device } = provenance
  const facts = [
    family,
    details && FORMAT_NAMES[details.format],
    details?.files.join(', ') || provenance.file,
    `sha256 ${sha256.slice(0, 12)}`,
    revision && `commit ${revision.slice(0, 10)}`,
    precision,
    device,
  ]
  return (
    <li title={`sha256 ${sha256}`}>
      <strong>{id}</strong>: {facts.filter(Boolean).join(' · ')}
    </li>
  )
}

/** Shows the second text, or edits it in place; a new comparison starts with the editor. */
function SecondText({ fresh }: { readonly fresh: boolean }) {
  const text = useAppStore((state) => state.session.comparison?.text ?? '')
  const same = useAppStore((state) => state.session.comparison?.text === state.session.text)
  const { editing, button, begin, finish } = useTextEditing(fresh && same)
  const { editSecondText } = useActions()
  return (
    <section className="compare-text" aria-labelledby="compare-text">
      <div className="review-head">
        <h3 id="compare-text">Second text</h3>
        {editing ? (
          <button type="button" className="button-text" onClick={finish}>
            Done
          </button>
        ) : (
          <button ref={button} type="button" className="button-text" onClick={begin}>
            Edit the second text
          </button>
        )}
      </div>
      {editing ? (
        <>
          <ReviewEditor text={text} label="Second text" onEdit={editSecondText} onDone={finish} />
          <p className="soft">Escape or Ctrl + Enter ends; the comparison follows while you type.</p>
        </>
      ) : (
        text.trim() === '' && (
          <p className="panel-hint">The second text is empty: type one to compare with.</p>
        )
      )}
    </section>
  )
}
