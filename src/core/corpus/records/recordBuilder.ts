import { fail } from '../../failure'
import type { ColumnSettings } from '../runSettings'
import { columnOf } from './recordColumns'
import {
  type ColumnArrays,
  type ColumnSchema,
  type ColumnType,
  type ColumnValues,
  type RecordTable,
  type RecordTables,
  type TableName,
  tableSchemas,
} from './records'

const FIRST_CAPACITY = 16

const ARRAYS: { readonly [T in ColumnType]: new (length: number) => ColumnArrays[T] } = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
}

const COLUMN_TYPES: readonly ColumnType[] = ['uint8', 'uint16', 'uint32', 'float32']

export function createColumn(type: ColumnType, rows: number): ColumnValues {
  return new ARRAYS[type](rows)
}

/** Says whether a column has the type that its schema names. */
export function isColumnOfType(column: ColumnValues, type: ColumnType): boolean {
  return column instanceof ARRAYS[type]
}

/** Holds one value for each column, by its name. */
export type RecordRow = Readonly<Record<string, number>>

/** Grows one table row by row. */
export interface TableBuilder {
  readonly rows: number
  /** @throws FailureError `internal` where a value is missing, unknown, or does not fit its column's type */
  append(row: RecordRow): void
  /** Returns the rows so far, in new arrays of exactly that length. */
  build(): RecordTable
}

export function createTableBuilder(schema: readonly ColumnSchema[]): TableBuilder {
  let rows = 0
  let capacity = FIRST_CAPACITY
  const columns = schema.map(({ type }) => createColumn(type, capacity))

  function grow() {
    capacity *= 2
    schema.forEach(({ type }, i) => {
      const larger = createColumn(type, capacity)
      larger.set(columns[i])
      columns[i] = larger
    })
  }

  return {
    get rows() {
      return rows
    },
    append(row) {
      if (Object.keys(row).length > schema.length) {
        const unknown = Object.keys(row).filter((key) => !schema.some(({ name }) => name === key))
        fail('internal', `A record has columns that its table has not: ${unknown.join(', ')}.`)
      }
      if (rows === capacity) grow()
      for (let i = 0; i < schema.length; i++) {
        const { name, type } = schema[i]
        const value = row[name]
        if (value === undefined) fail('internal', `A record has no ${name}.`)
        columns[i][rows] = value
        if (type !== 'float32' && columns[i][rows] !== value) {
          fail('internal', `A record has ${value} as ${name}, which is no ${type}.`)
        }
      }
      rows++
    },
    build: () => ({
      rows,
      columns: Object.fromEntries(schema.map(({ name }, i) => [name, columns[i].slice(0, rows)])),
    }),
  }
}

/** Grows all tables of a run. */
export interface RecordBuilder {
  /** @throws FailureError `internal` where a value is missing, unknown, or does not fit its column's type */
  add(table: TableName, row: RecordRow): void
  /** Returns the rows so far, in new arrays. */
  build(): RecordTables
}

/** @param layers L */
export function createRecordBuilder(layers: number, settings?: ColumnSettings): RecordBuilder {
  const schemas = tableSchemas(layers, settings)
  const builders = everyTable((table) => createTableBuilder(schemas[table]))
  return {
    add: (table, row) => builders[table].append(row),
    build: () => everyTable((table) => builders[table].build()),
  }
}

/** Makes a value for each table. */
export function everyTable<T>(make: (table: TableName) => T): Readonly<Record<TableName, T>> {
  return {
    sequences: make('sequences'),
    occurrences: make('occurrences'),
    perturbations: make('perturbations'),
    pairs: make('pairs'),
    readings: make('readings'),
  }
}

/** Returns tables without rows. @param layers L */
export function emptyTables(layers: number, settings?: ColumnSettings): RecordTables {
  return createRecordBuilder(layers, settings).build()
}

/**
 * Joins the rows of all parts in their order, in new arrays. The columns are those of the first part.
 *
 * @param parts one or more, of models with the same number of layers
 * @throws FailureError `internal` where there is no part, or one has other columns than the first
 */
export function concatTables(parts: readonly RecordTables[]): RecordTables {
  if (parts.length === 0) fail('internal', 'No records to join.')
  return everyTable((table) => concatTable(parts.map((part) => part[table])))
}

function concatTable(parts: readonly RecordTable[]): RecordTable {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const names = Object.keys(parts[0].columns)
  if (parts.some(({ columns }) => Object.keys(columns).length !== names.length)) {
    fail('internal', 'Records of models with different layers cannot be joined.')
  }
  return {
    rows,
    columns: Object.fromEntries(
      names.map((name) => [
        name,
        concatColumn(
          parts.map((part) => columnOf(part, name)),
          rows,
        ),
      ]),
    ),
  }
}

function concatColumn(parts: readonly ColumnValues[], rows: number): ColumnValues {
  const type = COLUMN_TYPES.find((of) => isColumnOfType(parts[0], of))
  if (!type || !parts.every((part) => isColumnOfType(part, type))) {
    return fail('internal', 'Columns of different types cannot be joined.')
  }
  const joined = createColumn(type, rows)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}
