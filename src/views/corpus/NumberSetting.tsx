import { useId } from 'react'
import { readWhole } from './settingsFields'

interface NumberSettingProps {
  readonly field: {
    readonly key: string
    readonly label: string
    readonly hint: string
    readonly min: number
    readonly max: number
  }
  readonly text: string
  readonly onChange: (text: string) => void
}

/** Draws the field of a whole number with its meaning, and its bounds if it is outside them. */
export function NumberSetting({ field, text, onChange }: NumberSettingProps) {
  const { label, hint, min, max } = field
  const id = useId()
  const wrong = readWhole(text, field) === null
  return (
    <div className="setting">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="field"
        inputMode="numeric"
        autoComplete="off"
        value={text}
        aria-invalid={wrong}
        aria-describedby={`${id}hint`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p className={wrong ? 'run-problem' : 'soft'} id={`${id}hint`}>
        {wrong ? `A whole number from ${min} to ${max.toLocaleString('en')}.` : hint}
      </p>
    </div>
  )
}
