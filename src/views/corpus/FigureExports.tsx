import type { RefObject } from 'react'
import { chartToSvg, svgToPng } from '../../charts/chartExport'
import { failureOf } from '../../core/failure'
import { runProvenance } from '../../state/corpusSelectors'
import { useActions, useAppStoreApi } from '../appContext'
import { download } from '../download'

interface FigureExportsProps {
  readonly svg: RefObject<SVGSVGElement | null>
  /** File name without its ending. */
  readonly name: string
  readonly title: string
  /** What is drawn, with its n. */
  readonly description: string
}

const PNG_SCALE = 2

/** The drawing as a file, with the run behind it in its description. */
export function FigureExports({ svg, name, title, description }: FigureExportsProps) {
  const store = useAppStoreApi()
  const { notify } = useActions()
  const write = () => {
    const source = runProvenance(store.getState())
    return svg.current
      ? chartToSvg(svg.current, { title, description: source ? `${description}. ${source}` : description })
      : null
  }
  const saveSvg = () => {
    const text = write()
    if (text) download(`ripplescope-${name}.svg`, text, 'image/svg+xml')
  }
  const savePng = async () => {
    const text = write()
    if (!text) return
    try {
      download(`ripplescope-${name}.png`, await svgToPng(text, PNG_SCALE))
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
