interface ModelFieldProps {
  readonly label: string
  readonly value: string
  readonly placeholder: string
  readonly onChange: (value: string) => void
}

/** A name or an address: nothing corrects or completes it. */
export function ModelField({ label, value, placeholder, onChange }: ModelFieldProps) {
  return (
    <label>
      {label}
      <input
        className="field"
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
