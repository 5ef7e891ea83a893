interface ModelFieldProps {
  readonly label: string
  readonly value: string
  readonly placeholder: string
  /** True to hide what is typed. */
  readonly secret?: boolean
  readonly onChange: (value: string) => void
}

/** Draws a field for a name or an address, without correction or completion. */
export function ModelField({ label, value, placeholder, secret = false, onChange }: ModelFieldProps) {
  return (
    <label>
      {label}
      <input
        className="field"
        type={secret ? 'password' : 'text'}
        value={value}
        placeholder={placeholder}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  )
}
