import { failureOf } from '../../core/failure'
import type { FilesSource } from '../../core/modelSource'
import { useActions } from '../appContext'
import { useModelTarget } from './modelTarget'

/** Opens dropped or picked files; an error in reading them becomes a notice. */
export function useOpenFiles(): (read: () => FilesSource | Promise<FilesSource>) => Promise<void> {
  const { notify } = useActions()
  const { open } = useModelTarget()
  return async (read) => {
    try {
      const source = await read()
      if (source.files.length > 0) open(source)
    } catch (thrown) {
      const failure = failureOf(thrown)
      notify({ tone: 'problem', failure, text: failure.message })
    }
  }
}
