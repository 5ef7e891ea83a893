import { formatNumber, formatSigned } from '../../charts/formatNumber'

/** Returns three significant digits; a dash if a side has no number. */
export const shown3 = (value: number | null) => formatNumber(value ?? Number.NaN)

export const signed3 = (value: number | null) => formatSigned(value ?? Number.NaN)
