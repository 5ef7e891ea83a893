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
 * @returns a function that checks the state again
 */
export function createCorpusPreview(access: CorpusAccess): () => void {
  const { service, read } = access
  const preview = createCorpusQuery('preview', access)
  let previews = 0
  let previewed: CorpusSource | null = null
  return () => {
    const { source, previewing } = read()
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
