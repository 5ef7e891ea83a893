import { formatNumber, formatSigned } from '../../charts/formatNumber'

/** Three significant digits; a dash where a side has none. */
export const shown3 = (value: number | null) => formatNumber(value ?? Number.NaN)

export const signed3 = (value: number | null) => formatSigned(value ?? Number.NaN)
