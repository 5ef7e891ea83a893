import type { NeighborFilters } from '../core/neighbor'
import { useActions, useAppStore } from './appContext'

const FILTERS: readonly (readonly [keyof NeighborFilters, string])[] = [
  ['special', 'special tokens'],
  ['unused', '[unused] entries'],
  ['otherKind', 'pieces (##) for words, words for pieces'],
  ['variants', 'the same word in another case or inflection'],
]

/** Which tokens may not be substitutes. The paper leaves out only the token itself, so all are off at first. */
export function NeighborFilterList() {
  const filters = useAppStore((state) => state.session.filters)
  const { setFilters } = useActions()
  const on = FILTERS.filter(([key]) => filters[key]).length
  return (
    <details>
      <summary>Leave out{on > 0 ? ` (${on})` : ''}</summary>
      <fieldset>
        <legend className="visually-hidden">Never substitute by</legend>
        {FILTERS.map(([key, name]) => (
          <div key={key}>
            <label className="check">
              <input
                type="checkbox"
                checked={filters[key]}
                onChange={() => setFilters({ [key]: !filters[key] })}
              />
              {name}
            </label>
          </div>
        ))}
      </fieldset>
    </details>
  )
}
