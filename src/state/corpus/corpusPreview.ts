import type { CorpusSource } from '../../core/corpus/corpusService'
import { idle } from '../resource'
import { type CorpusAccess, createCorpusQuery } from './corpusResults'

/** Says whether two sources show the same first rows, as another column of the same texts does. */
function sameTexts(a: CorpusSource, b: CorpusSource | null): boolean {
  if (a.kind === 'file') return b?.kind === 'file' && a.file === b.file && a.reading === b.reading
  if (a.kind === 'hub') return b?.kind === 'hub' && a.dataset === b.dataset && a.split === b.split
  return a.kind === b?.kind
}

/**
 * Reads the first rows of the chosen texts while their preview is open.
 *
 * @param labelColumn of the next run; null: none
 * @returns a function that checks the state again
 */
export function createCorpusPreview(access: CorpusAccess, labelColumn: () => string | null): () => void {
  const { service, read } = access
  const preview = createCorpusQuery('preview', access)
  const labels = createCorpusQuery('labelValues', access)
  let labelled: { readonly source: CorpusSource; readonly column: string } | null = null
  let previews = 0
  let previewed: CorpusSource | null = null
  /** Reads the values of the column with the labels. */
  function askLabels(source: CorpusSource | null): void {
    const column = labelColumn()
    if (source === null || column === null) {
      if (labelled !== null) labels.show(idle())
      labelled = null
      return
    }
    if (labelled?.source === source && labelled.column === column) return
    labelled = { source, column }
    labels.ask({
      key: `${previews++}`,
      generation: 0,
      former: null,
      ask: (signal) => service.labelValues(source, column, { signal }),
    })
  }

  return () => {
    const { source, previewing } = read()
    askLabels(previewing ? source : null)
    if (source === null || !previewing) {
      if (source === null) preview.show(idle())
      previewed = null
    } else if (!sameTexts(source, previewed)) {
      preview.ask({
        key: `${previews++}`,
        generation: 0,
        former: null,
        ask: (signal) => service.preview(source, { signal }),
      })
      previewed = source
    }
  }
}
