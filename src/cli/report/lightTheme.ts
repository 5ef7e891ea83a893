/** Colours of the page's light theme (src/app/styles/tokens.css) that charts use. */
export const LIGHT_THEME: Readonly<Record<string, string>> = {
  '--paper': '#fcfbf8',
  '--ink': '#1b1d21',
  '--ink-soft': '#5d626b',
  '--rule': '#e3e0d8',
  '--accent': '#0b6b8f',
  '--series-0': '#0b6b8f',
  '--series-1': '#b3541e',
  '--series-2': '#6b5fb5',
  '--series-3': '#8a6a00',
  '--series-4': '#a83a78',
  '--series-5': '#3f6b2a',
  '--series-6': '#5c6470',
  '--series-7': '#1f6fd0',
}
