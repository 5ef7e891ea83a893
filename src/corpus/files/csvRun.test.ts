import { csvParse } from 'd3-dsv'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { NONE } from '../../core/corpus/records/records'
import { fullRun } from '../../core/corpus/runFixture'
import { formatFloat32 } from './number32'
import { writeRecords } from './writeRecords'

describe('a run as CSV', async () => {
  const run = fullRun()
  const files = unzipSync(new Uint8Array(await (await writeRecords(run, 'csv')).arrayBuffer()))
  const rowsOf = (name: string) => csvParse(strFromU8(files[name]))

  it('has a file a table with its values', () => {
    const sequences = rowsOf('sequences.csv')
    expect(sequences.columns).toEqual(['sequence', 'row', 'tokens', 'truncated', 'label', 'probability'])
    expect(sequences[0]).toEqual({
      sequence: '0',
      row: '9',
      tokens: '65535',
      truncated: '1',
      label: '255',
      probability: '',
    })
    expect(sequences[1]).toMatchObject({ row: String(NONE), probability: '0.7' })
    const distances = rowsOf('perturbations.csv').map(({ distance_0 }) => Math.fround(Number(distance_0)))
    expect(distances).toEqual([...run.tables.perturbations.columns.distance_0])
    expect(rowsOf('counts.csv').map(({ token_id, count }) => [token_id, count])).toEqual([
      ['1', '3'],
      ['2', '1'],
    ])
  })

  it('states unit and meaning of every column, and the header', () => {
    const columns = rowsOf('columns.csv')
    for (const table of ['sequences', 'occurrences', 'perturbations', 'pairs', 'readings', 'counts']) {
      const stated = columns.filter((row) => row.table === table).map(({ column }) => column)
      expect(stated).toEqual(rowsOf(`${table}.csv`).columns)
    }
    expect(columns.find(({ column }) => column === 'divergence')?.unit).toBe('nats')
    expect(JSON.parse(strFromU8(files['run.json']))).toEqual({
      format: 'ripplescope-run',
      version: 1,
      status: 'finished',
      header: run.header,
    })
  })
})

describe('a float32 as text', () => {
  it.each([
    [0, '0'],
    [-0, '-0'],
    [Math.fround(0.1), '0.1'],
    [Math.fround(1 / 3), '0.33333334'],
    [16_777_217, '16777217'],
    [Math.fround(1e-30), '1e-30'],
  ])('%f is %s', (value, text) => {
    expect(formatFloat32(value)).toBe(text)
  })

  it('reads back as the same, whatever its bits', () => {
    const bits = Uint32Array.from({ length: 20_000 }, (_, i) => Math.imul(i, 0x9e3779b1))
    for (const value of new Float32Array(bits.buffer)) {
      if (Number.isNaN(value)) continue
      expect(Object.is(Math.fround(Number(formatFloat32(value))), value)).toBe(true)
    }
  })
})
