import { useId } from 'react'

export interface SwitchProps<T extends string> {
  /** Name of the choice, for screen readers. */
  readonly label: string
  readonly choices: readonly { readonly value: T; readonly name: string }[]
  readonly value: T
  readonly onChange: (value: T) => void
}

/** Draws one choice among a few as a strip of radio buttons. */
export function Switch<T extends string>({ label, choices, value, onChange }: SwitchProps<T>) {
  const id = useId()
  return (
    <fieldset className="corpus-segments">
      <legend className="chart-hidden">{label}</legend>
      {choices.map(({ value: choice, name }) => (
        <label key={choice}>
          <input type="radio" name={id} checked={choice === value} onChange={() => onChange(choice)} />
          {name}
        </label>
      ))}
    </fieldset>
  )
}
