import { type RefObject, useEffect, useRef, useState } from 'react'
import { DataTable } from '../../charts/DataTable'
import { formatDecimals, formatPercent } from '../../charts/formatNumber'
import { DensityChart } from '../../charts/geometry/DensityChart'
import { HubnessChart } from '../../charts/geometry/HubnessChart'
import { formatCsv } from '../../core/exports/csv'
import { geometryTable } from '../../core/measures/geometryFigure'
import { TABLE_MEASURE_NAMES, TABLE_MEASURES } from '../../core/measures/tableGeometry'
import { entryLabel } from '../../core/text/token'
import { pieceKindOf } from '../../core/text/tokenPieces'
import type { AppState } from '../../state/appState'
import { measuredTable } from '../../state/model/tableGeometry'
import type { MeasuredTable } from '../../state/model/tableGeometryState'
import { useActions, useAppStore } from '../appContext'
import { Exports } from '../Exports'

/** Draws the geometry of the open model's word table, which is measured when asked for. */
export function WordTable() {
  const served = useAppStore((state) => state.services.table !== null && state.model.info !== null)
  if (!served) return null
  return (
    <details className="word-table">
      <summary>
        <h2>What is the word table like?</h2>
      </summary>
      <p className="soft">
        A substitute is the nearest row of the word table (eq. 1). This measures every row against every
        other: whether all point one way, whether a few rows are neighbours of very many, how near the nearest
        are, and whether cosine, distance and dot product name the same ones.
      </p>
      <Measuring />
      <Measured />
    </details>
  )
}

function Measuring() {
  const { status, progress, failure } = useAppStore((state) => state.tableGeometry)
  const table = useAppStore(measuredTable)
  const isReady = useAppStore((state) => state.model.status === 'ready')
  const [special, setSpecial] = useState(false)
  const { measureTable, stopTable } = useActions()
  if (status === 'running') {
    const { done, total } = progress ?? { done: 0, total: 0 }
    return (
      <div className="row">
        <div
          className="load-bar"
          role="progressbar"
          aria-label="Measuring the word table"
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={done}
        >
          <span style={{ width: `${total > 0 ? (100 * done) / total : 0}%` }} />
        </div>
        <span className="soft">
          {done.toLocaleString('en')} of {total.toLocaleString('en')} rows
        </span>
        <button type="button" className="button-text" onClick={stopTable}>
          Stop
        </button>
      </div>
    )
  }
  return (
    <>
      <div className="row">
        <button
          type="button"
          className="button"
          disabled={!isReady}
          onClick={() => measureTable({ special, unused: special })}
        >
          {table ? 'Measure again' : 'Measure the word table'}
        </button>
        <label className="check">
          <input type="checkbox" checked={special} onChange={() => setSpecial(!special)} />
          without special and [unused] entries
        </label>
      </div>
      <div role="status">
        {status === 'stopped' && <p>Stopped.</p>}
        {status === 'done' && table && <p className="visually-hidden">The word table is measured.</p>}
        {status === 'failed' && (
          <p className="run-problem">
            {failure?.message} {failure?.kept} {failure?.advice}
          </p>
        )}
      </div>
    </>
  )
}

/** Returns how entries of the open model are shown. */
function useEntryNames(): (tokenId: number) => string {
  const vocabulary = useAppStore((state) => state.model.vocabulary) ?? []
  const kind = pieceKindOf(vocabulary)
  return (tokenId) => entryLabel(vocabulary[tokenId] ?? `#${tokenId}`, kind)
}

function Measured() {
  const table = useAppStore(measuredTable)
  const run = useAppStore((state) => state.corpus.run.value?.header.id ?? null)
  const { relateTable } = useActions()
  const [hubnessSvg, densitySvg] = [useRef<SVGSVGElement>(null), useRef<SVGSVGElement>(null)]
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run in Corpus has other counts.
  useEffect(() => {
    void relateTable()
  }, [run, relateTable])
  if (!table) return null
  const { figure, corpus } = table
  return (
    <>
      <p>{sentenceOf(table)}</p>
      <div className="word-table-charts">
        <HubnessChart
          figure={figure}
          headingLevel={3}
          svgRef={hubnessSvg}
          actions={<TableExports title="Neighbours" name="hubs" svg={hubnessSvg} />}
        />
        <DensityChart
          figure={figure}
          corpus={corpus?.name ?? null}
          headingLevel={3}
          svgRef={densitySvg}
          actions={<TableExports title="Nearness" name="density" svg={densitySvg} />}
        />
      </div>
      <Hubs table={table} />
      <Agreement table={table} />
      <div className="row">
        <Exports
          title="All entries"
          name="ripplescope-word-table"
          look="text"
          csv={tableCsv}
          nothing="The table was not measured yet."
        />
      </div>
    </>
  )
}

/** Says what the numbers say. */
function sentenceOf({ figure }: MeasuredTable): string {
  const { k, entries, meanCosine, density, hubness } = figure
  const { skewness, orphans } = hubness.cosine
  return (
    `Two of the ${entries.toLocaleString('en')} entries have a cosine of ${formatDecimals(meanCosine, 3)} on average, ` +
    `an entry and its ${k} nearest ${formatDecimals(density.mean, 3)}. ` +
    `${formatPercent(orphans, 0)} are among the ${k} nearest of no other; the counts have a skewness of ${formatDecimals(skewness, 1)} (0: all alike; above 1: a few hubs).`
  )
}

function tableCsv(state: AppState): string | null {
  const table = measuredTable(state)
  const { vocabulary } = state.model
  if (!table || !vocabulary) return null
  const { columns, rows } = geometryTable(
    table.geometry,
    (tokenId) => vocabulary[tokenId],
    table.corpus?.counts ?? null,
  )
  return formatCsv(columns, rows)
}

interface TableExportsProps {
  readonly title: string
  readonly name: string
  readonly svg: RefObject<SVGSVGElement | null>
}

function TableExports({ title, name, svg }: TableExportsProps) {
  return (
    <Exports
      title={title}
      name={`ripplescope-${name}`}
      chart={{
        svg,
        description: 'Geometry of the word table',
        source: ({ model: { info } }) =>
          info && `${info.id}, sha256 ${info.provenance.sha256.slice(0, 8)}, ${info.provenance.device}`,
      }}
    />
  )
}

function Hubs({ table: { figure } }: { readonly table: MeasuredTable }) {
  const nameOf = useEntryNames()
  return (
    <DataTable
      caption={`Hubs: the entries that most others have among their ${figure.k} nearest, and how many do`}
      columns={[
        { heading: 'rank', numeric: true },
        ...TABLE_MEASURES.map((measure) => ({ heading: `by ${TABLE_MEASURE_NAMES[measure]}` })),
      ]}
      rows={figure.hubness.cosine.hubs.map((_, rank) => ({
        id: rank,
        cells: [
          rank + 1,
          ...TABLE_MEASURES.map((measure) => {
            const hub = figure.hubness[measure].hubs[rank]
            return `${nameOf(hub.tokenId)} · ${hub.count.toLocaleString('en')}`
          }),
        ],
      }))}
    />
  )
}

function Agreement({ table: { figure } }: { readonly table: MeasuredTable }) {
  return (
    <DataTable
      caption="How often two measures name the same neighbours"
      columns={[
        { heading: 'measures' },
        { heading: 'same nearest', numeric: true },
        { heading: `shared of the ${figure.k} nearest`, numeric: true },
      ]}
      rows={figure.agreement.map(({ measures, nearest, shared }) => ({
        id: measures.join(),
        cells: [
          measures.map((measure) => TABLE_MEASURE_NAMES[measure]).join(' and '),
          formatPercent(nearest, 1),
          formatPercent(shared, 1),
        ],
      }))}
    />
  )
}
