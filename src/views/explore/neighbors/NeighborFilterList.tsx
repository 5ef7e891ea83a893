import { useActions, useAppStore } from '../../appContext'
import { NeighborFilterFields } from './NeighborFilterFields'

/**
 * Edits which tokens may not be substitutes. The paper leaves out only the token itself, so all filters are off at
 * first.
 */
export function NeighborFilterList() {
  const filters = useAppStore((state) => state.session.filters)
  const { setFilters } = useActions()
  const on = Object.values(filters).filter(Boolean).length
  return (
    <details>
      <summary>Filter substitutes{on > 0 ? ` (${on})` : ''}</summary>
      <NeighborFilterFields filters={filters} onChange={setFilters} />
    </details>
  )
}
