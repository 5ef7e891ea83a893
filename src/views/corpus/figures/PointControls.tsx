import { Switch } from '../../../charts/corpus/Switch'
import { comparison } from '../../../state/corpus/corpusComparison'
import { useActions, useAppStore } from '../../appContext'

/**
 * Picks the run whose points are drawn, while two runs are compared: points of both in one plot could not be told
 * apart.
 */
export function PointsOfRun() {
  const compared = useAppStore(comparison)
  const run = useAppStore((state) => state.corpus.display.run)
  const { setDisplay } = useActions()
  if (!compared) return null
  const choices = [
    { value: 'open', name: compared.names[0] },
    { value: 'compared', name: compared.names[1] },
  ] as const
  return (
    <Switch
      label="Run whose points are drawn"
      choices={choices}
      value={run}
      onChange={(next) => setDisplay({ run: next })}
    />
  )
}
