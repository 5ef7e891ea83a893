import type { FigureName } from '../../core/corpus/figures/figureTables'
import { comparison } from '../../state/corpus/corpusComparison'
import { useAppStore } from '../appContext'

/**
 * Returns a figure of the run whose points are drawn, and while two runs are compared that of the other one, with the
 * names of both in that order.
 */
export function useShownRun<K extends FigureName>(name: K) {
  const open = useAppStore((state) => state.corpus.figures.value?.[name] ?? null)
  const compared = useAppStore(comparison)
  const run = useAppStore((state) => state.corpus.display.run)
  if (!compared) return { figure: open, other: null }
  const other = compared.figures?.[name] ?? null
  const [openName, comparedName] = compared.names
  return run === 'open'
    ? { figure: open, other: { figure: other, names: [openName, comparedName] as const } }
    : { figure: other, other: { figure: open, names: [comparedName, openName] as const } }
}
