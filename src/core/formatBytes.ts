const UNITS = [
  { name: 'bytes', size: 1, decimals: 0 },
  { name: 'kB', size: 1e3, decimals: 1 },
  { name: 'MB', size: 1e6, decimals: 1 },
  { name: 'GB', size: 1e9, decimals: 2 },
] as const
type Unit = (typeof UNITS)[number]

const unitOf = (bytes: number): Unit => UNITS.findLast(({ size }) => bytes >= size) ?? UNITS[0]

/** Returns the amount in a unit, without decimals that nobody needs: `33.7`, `268`. */
function amountIn(bytes: number, { size, decimals, name }: Unit): string {
  const amount = bytes / size
  return amount.toFixed(name === 'MB' && amount >= 100 ? 0 : decimals)
}

/** Returns a size in decimal units, as hubs and file managers count: `812 bytes`, `3.1 kB`, `33.7 MB`, `1.34 GB`. */
export function formatBytes(bytes: number): string {
  const unit = unitOf(bytes)
  return `${amountIn(bytes, unit)} ${unit.name}`
}

/** Returns a part of a size, both in the unit of the whole: `8.4 of 33.6 MB`. */
export function formatBytesOf(part: number, whole: number): string {
  const unit = unitOf(whole)
  return `${amountIn(part, unit)} of ${amountIn(whole, unit)} ${unit.name}`
}
