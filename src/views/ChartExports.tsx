import type { RefObject } from 'react'
import { chartToSvg, svgToPng } from '../charts/chartExport'
import { failureOf } from '../core/failure'
import type { AppState } from '../state/appState'
import { provenanceLine } from '../state/selectors'
import { useActions, useAppStoreApi } from './appContext'
import { download } from './download'

interface ChartExportsProps {
  readonly svg: RefObject<SVGSVGElement | null>
  /** File name without its ending. */
  readonly name: string
  readonly title: string
  /** What is drawn, with its norm. */
  readonly description: string
  /** Where the numbers come from; by default those of Explore. */
  readonly source?: (state: AppState) => string | null
}

const PNG_SCALE = 2

/** The drawing as a file. */
export function ChartExports({ svg, name, title, description, source = provenanceLine }: ChartExportsProps) {
  const store = useAppStoreApi()
  const { notify } = useActions()
  const write = () => {
    const from = source(store.getState())
    return svg.current
      ? chartToSvg(svg.current, { title, description: from ? `${description}. ${from}` : description })
      : null
  }
  const saveSvg = () => {
    const text = write()
    if (text) download(`${name}.svg`, text, 'image/svg+xml')
  }
  const savePng = async () => {
    const text = write()
    if (!text) return
    try {
      download(`${name}.png`, await svgToPng(text, PNG_SCALE))
    } catch (thrown) {
      notify({ tone: 'problem', text: 'The picture was not made.', failure: failureOf(thrown) })
    }
  }
  return (
    <>
      <button type="button" className="chart-button" aria-label={`${title} as SVG`} onClick={saveSvg}>
        SVG
      </button>
      <button type="button" className="chart-button" aria-label={`${title} as PNG`} onClick={savePng}>
        PNG
      </button>
    </>
  )
}
