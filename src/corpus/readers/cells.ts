/** Holds the values of one row that has columns. */
export type Cells = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Cells =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

function valueAt(cells: Cells | readonly unknown[], name: string): unknown {
  if (!isList(cells)) return cells[name]
  return isIndex(name) ? cells[Number(name)] : undefined
}

const isIndex = (name: string) => /^\d+$/.test(name)

/** Greatest depth at which fields within fields are separate columns. */
const MAX_DEPTH = 4

/**
 * Returns the value of a column: the field of this name, else `a.b` is the field b of the field a, and `a.0` the first
 * value of the list a; undefined: none.
 */
export function cellAt(cells: Cells | readonly unknown[], column: string): unknown {
  if (Object.hasOwn(cells, column)) return valueAt(cells, column)
  for (let dot = column.indexOf('.'); dot > 0; dot = column.indexOf('.', dot + 1)) {
    const name = column.slice(0, dot)
    const inner = Object.hasOwn(cells, name) ? valueAt(cells, name) : undefined
    if (isFields(inner) || isList(inner)) return cellAt(inner, column.slice(dot + 1))
  }
  return undefined
}

/** Lists the columns of a row, fields within fields as `a.b`. */
export function columnsIn(cells: Cells, depth = 1): string[] {
  return Object.entries(cells).flatMap(([name, value]) =>
    isFields(value) && depth < MAX_DEPTH && Object.keys(value).length > 0
      ? columnsIn(value, depth + 1).map((inner) => `${name}.${inner}`)
      : [name],
  )
}
