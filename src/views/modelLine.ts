import type { LoadProgress } from '../core/explorer'
import { formatBytes } from '../core/formatBytes'
import type { AppState } from '../state/appState'

const STAGES: Record<LoadProgress['stage'], string> = {
  runtime: 'Fetching the runtime',
  files: 'Fetching the model',
  session: 'Opening the model',
}

/** Returns the quiet line that always names the open model. */
export function modelLine(model: AppState['model']): string {
  const { status, info, progress } = model
  if (info && status === 'ready') {
    return [info.id, info.provenance.precision, formatBytes(info.bytes), info.provenance.device].join(' · ')
  }
  if (status === 'loading') return STAGES[progress?.stage ?? 'runtime']
  return 'The model is not running'
}
