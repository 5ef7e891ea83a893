import type { RefObject } from 'react'
import { chartToSvg, svgToPng } from '../charts/chartExport'
import { forSpreadsheet } from '../core/exports/csv'
import { failureOf } from '../core/failure'
import type { AppState } from '../state/appState'
import { useActions, useAppStore, useAppStoreApi } from './appContext'
import { Disclosure } from './Disclosure'
import { download } from './download'

/** Returns a file's content for the state at the click; null while there is nothing to save. */
type Write = (state: AppState) => string | null

interface ExportsProps {
  /** Names the content, for the buttons' names. */
  readonly title: string
  /** Names the files, without an ending. */
  readonly name: string
  readonly chart?: {
    readonly svg: RefObject<SVGSVGElement | null>
    /** Describes the drawing, with its norm. */
    readonly description: string
    /** Returns the provenance of the drawn numbers. */
    readonly source: (state: AppState) => string | null
  }
  readonly csv?: Write
  readonly json?: Write
  /** Message if there is nothing to save. */
  readonly nothing?: string
  readonly tip?: string
  /**
   * Look of the buttons. `menu`: one next to a chart's heading; `bar`: separate buttons; `text`: a line that names what
   * it saves.
   */
  readonly look?: 'menu' | keyof typeof LOOKS
}

const LOOKS = { bar: 'button', text: 'button-text' } as const
const PNG_SCALE = 2
const MEASURING = 'The present change is still being measured: try again in a moment.'

/** Draws what can be exported of one matter: a drawing as SVG and PNG, its numbers as CSV and JSON. */
export function Exports({
  title,
  name,
  chart,
  csv,
  json,
  nothing = MEASURING,
  tip,
  look = 'menu',
}: ExportsProps) {
  const store = useAppStoreApi()
  const { notify } = useActions()

  const saveText = (write: Write, ending: string, type: string) => {
    const state = store.getState()
    const text = write(state)
    if (text === null) {
      notify({ tone: 'info', text: nothing })
      return
    }
    const isCsv = ending === 'csv' && state.spreadsheetCsv
    download(`${name}.${ending}`, isCsv ? forSpreadsheet(text) : text, type)
  }
  const drawing: Write = (state) => {
    if (!chart?.svg.current) return null
    const from = chart.source(state)
    const { description } = chart
    return chartToSvg(chart.svg.current, {
      title,
      description: from ? `${description}. ${from}` : description,
    })
  }
  const savePng = async () => {
    const text = drawing(store.getState())
    if (text === null) return
    try {
      download(`${name}.png`, await svgToPng(text, PNG_SCALE))
    } catch (thrown) {
      notify({ tone: 'problem', text: 'The picture was not made.', failure: failureOf(thrown) })
    }
  }

  const formats = [
    chart && { format: 'SVG', what: 'picture', save: () => saveText(drawing, 'svg', 'image/svg+xml') },
    chart && { format: 'PNG', what: 'picture', save: savePng },
    csv && { format: 'CSV', what: 'table', save: () => saveText(csv, 'csv', 'text/csv') },
    json && { format: 'JSON', what: 'data', save: () => saveText(json, 'json', 'application/json') },
  ].filter((one) => one !== undefined)
  if (look === 'menu') {
    return <ExportMenu title={title} className="chart-button" formats={formats} />
  }
  return formats.map(({ format, save }) => {
    const named = `${title} as ${format}`
    return (
      <button key={format} type="button" className={LOOKS[look]} title={tip} onClick={save}>
        {named}
      </button>
    )
  })
}

interface ExportMenuProps {
  /** Names what is exported, for the buttons' names. */
  readonly title: string
  readonly className: string
  readonly formats: readonly {
    readonly format: string
    /** Says what sort of file it is: `picture`. */
    readonly what: string
    readonly save: () => void
  }[]
  readonly disabled?: boolean
}

/** Draws one button that opens the list of formats. */
export function ExportMenu({ title, className, formats, disabled = false }: ExportMenuProps) {
  return (
    <Disclosure
      className={className}
      disabled={disabled}
      label={
        <>
          Export <span className="visually-hidden">{title}</span> <span aria-hidden="true">▾</span>
        </>
      }
    >
      {(close) =>
        formats.map(({ format, what, save }) => (
          <li key={format}>
            <button
              type="button"
              aria-label={`${title} as ${format}`}
              onClick={() => {
                save()
                close()
              }}
            >
              {format} <span className="export-what">{what}</span>
            </button>
          </li>
        ))
      }
    </Disclosure>
  )
}

/** Draws the option for CSV that a spreadsheet opens without executing anything in it; programs want it off. */
export function SpreadsheetOption() {
  const on = useAppStore((state) => state.spreadsheetCsv)
  const { setSpreadsheetCsv } = useActions()
  return (
    <label
      className="check"
      title="Puts an apostrophe before words that a spreadsheet would run as formulas, such as = and @. Off, files hold every word as it is."
    >
      <input type="checkbox" checked={on} onChange={() => setSpreadsheetCsv(!on)} />
      CSV for spreadsheets
    </label>
  )
}
