import type { RunHeader } from '../run'
import { PLACES } from '../runSettings'
import { createColumn, emptyTables, everyTable } from './recordBuilder'
import {
  type ColumnSchema,
  NO_LABEL,
  type RecordTable,
  type RecordTables,
  type TableName,
  tableSchemas,
} from './records'

type Added = readonly (readonly [name: RegExp, value: number])[]

/**
 * Columns that files and stored runs of earlier versions lack, by table, and what then stands in each of their rows: all
 * pairs were drawn at random.
 */
const ADDED: Readonly<Partial<Record<string, Added>>> = {
  perturbations: [[/^own_/, Number.NaN]],
  pairs: [
    [/^place$/, PLACES.indexOf('random')],
    [/^label_/, NO_LABEL],
    [/^(probability|divergence)_/, Number.NaN],
  ],
}

function addedValue(table: string, name: string): number | undefined {
  return ADDED[table]?.find(([pattern]) => pattern.test(name))?.[1]
}

/** Says whether files of earlier versions lack a column. */
export const isAddedColumn = (table: TableName, name: string) => addedValue(table, name) !== undefined

/**
 * Returns the columns that a file of a table must have: those of its schema or, where the file has none of those that were
 * added since, those of earlier versions.
 *
 * @param names of the columns that the file has
 */
export function fileSchema(
  table: string,
  schema: readonly ColumnSchema[],
  names: readonly string[],
): readonly ColumnSchema[] {
  const earlier = schema.filter(({ name }) => addedValue(table, name) === undefined)
  return names.some((name) => addedValue(table, name) !== undefined) ? schema : earlier
}

/** Returns a table with every column of its schema, those that were added since its rows were written included. */
export function completeTable(
  table: string,
  schema: readonly ColumnSchema[],
  { rows, columns }: RecordTable,
): RecordTable {
  const all = schema.map(({ name, type }) => {
    const value = addedValue(table, name)
    return [
      name,
      name in columns || value === undefined ? columns[name] : createColumn(type, rows).fill(value),
    ] as const
  })
  return { rows, columns: Object.fromEntries(all) }
}

/** Returns tables as this version writes them, of records that an earlier one may have written. */
export function completeTables(
  { layers, settings }: Pick<RunHeader, 'layers' | 'settings'>,
  tables: Partial<RecordTables>,
): RecordTables {
  const schemas = tableSchemas(layers, settings)
  const empty = emptyTables(layers, settings)
  return everyTable((table: TableName) => completeTable(table, schemas[table], tables[table] ?? empty[table]))
}
