import type { NeighborFilters } from '../../../core/measures/neighbor'

const FILTERS: readonly (readonly [keyof NeighborFilters, string])[] = [
  ['special', 'special tokens'],
  ['unused', '[unused] entries'],
  ['otherKind', 'pieces (##) for words, words for pieces'],
  ['variants', 'the same word in another case or inflection'],
]

interface NeighborFilterFieldsProps {
  readonly filters: NeighborFilters
  readonly onChange: (filters: Partial<NeighborFilters>) => void
}

/** Edits which tokens may not be substitutes. */
export function NeighborFilterFields({ filters, onChange }: NeighborFilterFieldsProps) {
  return (
    <fieldset>
      <legend className="visually-hidden">Never substitute by</legend>
      {FILTERS.map(([key, name]) => (
        <div key={key}>
          <label className="check">
            <input
              type="checkbox"
              checked={filters[key]}
              onChange={() => onChange({ [key]: !filters[key] })}
            />
            {name}
          </label>
        </div>
      ))}
    </fieldset>
  )
}
