interface ModelFieldProps {
  readonly label: string
  readonly value: string
  readonly placeholder: string
  /** Hides what is typed. */
  readonly secret?: boolean
  readonly onChange: (value: string) => void
}

/** A name or an address: nothing corrects or completes it. */
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
