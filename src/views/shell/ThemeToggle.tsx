import { setTheme, THEMES, type Theme, useTheme } from '../theme'

const LOOKS: Record<Theme, { readonly name: string; readonly sign: string }> = {
  system: { name: 'as the system', sign: '◐' },
  light: { name: 'light', sign: '○' },
  dark: { name: 'dark', sign: '●' },
}

/** Draws one button that cycles through the three themes. */
export function ThemeToggle() {
  const theme = useTheme()
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]
  return (
    <button
      type="button"
      className="button button-quiet button-icon"
      title={`Theme: ${LOOKS[theme].name}`}
      onClick={() => setTheme(next)}
    >
      <span aria-hidden="true">{LOOKS[theme].sign}</span>
      <span className="visually-hidden">
        Theme: {LOOKS[theme].name}. Change to {LOOKS[next].name}
      </span>
    </button>
  )
}
