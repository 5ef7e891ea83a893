import { describe, expect, it } from 'vitest'
import { FailureError } from '../../failure'
import { concatTables, createRecordBuilder, createTableBuilder, emptyTables } from './recordBuilder'
import { NONE, TABLES, tableSchemas } from './records'

const SEQUENCE = { sequence: 0, row: 9, tokens: 512, truncated: 1, label: 255, probability: Number.NaN }
const { sequences } = tableSchemas(2)

describe('the record builder', () => {
  it('keeps values in columns of the schema’s types and of exactly its rows', () => {
    const builder = createTableBuilder(sequences)
    for (let i = 0; i < 1000; i++) builder.append({ ...SEQUENCE, sequence: i, row: NONE })
    const table = builder.build()
    expect([builder.rows, table.rows]).toEqual([1000, 1000])
    expect(table.columns.sequence).toEqual(Uint32Array.from({ length: 1000 }, (_, i) => i))
    expect(table.columns.tokens).toEqual(new Uint16Array(1000).fill(512))
    expect(table.columns.row[999]).toBe(NONE)
    expect(table.columns.label).toBeInstanceOf(Uint8Array)
    expect(table.columns.probability).toEqual(new Float32Array(1000).fill(Number.NaN))
    expect(table.columns.probability.buffer.byteLength).toBe(4000)
  })

  it('gives copies that later rows do not change', () => {
    const builder = createTableBuilder(sequences)
    builder.append(SEQUENCE)
    const { columns } = builder.build()
    builder.append({ ...SEQUENCE, sequence: 5 })
    expect(columns.sequence).toEqual(Uint32Array.of(0))
  })

  it.each([
    ['a missing column', { sequence: 1 }],
    ['an unknown column', { ...SEQUENCE, rank: 1 }],
    ['a value beyond the type', { ...SEQUENCE, label: 256 }],
    ['a negative index', { ...SEQUENCE, sequence: -1 }],
    ['a fraction', { ...SEQUENCE, tokens: 1.5 }],
    ['NaN as a count', { ...SEQUENCE, tokens: Number.NaN }],
  ])('refuses %s', (_, row) => {
    const builder = createTableBuilder(sequences)
    expect(() => builder.append(row)).toThrow(FailureError)
    expect(builder.rows).toBe(0)
  })

  it('builds all tables of a model', () => {
    const builder = createRecordBuilder(2)
    builder.add('sequences', SEQUENCE)
    const tables = builder.build()
    expect(tables.sequences.rows).toBe(1)
    expect(Object.keys(tables.readings.columns)).toEqual([
      'sequence',
      'position',
      'token_id',
      'rank_0',
      'rank_1',
      'rank_2',
    ])
  })
})

describe('tables', () => {
  it('are empty with all their columns', () => {
    const tables = emptyTables(2)
    for (const table of TABLES) {
      expect(tables[table].rows).toBe(0)
      expect(Object.keys(tables[table].columns)).toEqual(tableSchemas(2)[table].map(({ name }) => name))
    }
    expect(tables.occurrences.columns.shift_l2).toEqual(new Float32Array(0))
  })

  it('are joined in the order of their parts, in arrays of their own', () => {
    const part = (from: number, count: number) => {
      const builder = createRecordBuilder(1)
      for (let i = 0; i < count; i++) {
        builder.add('readings', { sequence: from + i, position: 1, token_id: NONE, rank_0: 1, rank_1: 7 })
      }
      return builder.build()
    }
    const first = part(0, 2)
    const joined = concatTables([first, emptyTables(1), part(10, 1)])
    expect(joined.readings.rows).toBe(3)
    expect(joined.readings.columns.sequence).toEqual(Uint32Array.of(0, 1, 10))
    expect(joined.readings.columns.position).toEqual(Uint16Array.of(1, 1, 1))
    expect(joined.sequences.rows).toBe(0)
    joined.readings.columns.sequence[0] = 99
    expect(first.readings.columns.sequence[0]).toBe(0)
  })

  it('are not joined where they have other layers', () => {
    expect(() => concatTables([emptyTables(1), emptyTables(2)])).toThrow(FailureError)
    expect(() => concatTables([])).toThrow(FailureError)
  })
})
