import { gzipSync } from 'fflate'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { fileOf, preview, readAll } from './readingFixture'

const TEXTS = Array.from({ length: 25 }, (_, i) => (i === 7 ? null : `Review number ${i}, ça va 🎬`))

const parquet = (options: Partial<Parameters<typeof parquetWriteBuffer>[0]> = {}) =>
  parquetWriteBuffer({
    columnData: [
      { name: 'label', data: TEXTS.map((_, i) => i % 2), type: 'INT32' },
      { name: 'text', data: TEXTS, type: 'STRING' },
    ],
    rowGroupSize: 10,
    ...options,
  })

const failing = async (file: File) => failureOf(await readAll(file).catch((thrown: unknown) => thrown))

describe('Parquet', () => {
  it('reads every row group and reports missing texts by row', async () => {
    const { texts, rows, malformed, reader, bytes } = await readAll(fileOf(parquet(), 'r.parquet'))
    expect(texts).toEqual(TEXTS.filter((text) => text !== null))
    expect(rows).toEqual(Array.from({ length: 24 }, (_, i) => i))
    expect(malformed).toEqual([{ line: 8, reason: '“text” is missing' }])
    expect(reader).toMatchObject({ column: 'text', totalRows: 25, format: 'parquet' })
    expect(bytes).toHaveLength(3)
    expect(bytes.at(-1)).toBe(reader.totalBytes)
  })

  it('is known by its first bytes, and previewed', async () => {
    const seen = await preview(fileOf(parquet(), 'r.csv'))
    expect(seen).toMatchObject({
      format: 'parquet',
      encoding: null,
      totalRows: 25,
      columns: ['label', 'text'],
      likelyColumn: 'text',
    })
    expect(seen.rows[0]).toEqual(['0', 'Review number 0, ça va 🎬'])
    expect(seen.rows[7]).toEqual(['1', ''])
  })

  it('reads only the parts it needs', async () => {
    const file = fileOf(parquet({ rowGroupSize: 5 }), 'r.parquet')
    let largest = 0
    const slice = file.slice.bind(file)
    file.slice = (start = 0, end = file.size) => {
      if (start > 0) largest = Math.max(largest, end - start)
      return slice(start, end)
    }
    file.stream = () => {
      throw new Error('the file was read as a whole')
    }
    expect((await readAll(file)).texts).toHaveLength(24)
    expect(largest).toBeLessThan(file.size)
  })

  it('reads gzip', async () => {
    const compressors = { GZIP: (bytes: Uint8Array) => gzipSync(bytes) }
    const { texts } = await readAll(fileOf(parquet({ codec: 'GZIP', compressors }), 'r.parquet'))
    expect(texts).toHaveLength(24)
  })

  it('says which compression it does not read', async () => {
    const compressors = { LZO: (bytes: Uint8Array) => bytes }
    const failure = await failing(fileOf(parquet({ codec: 'LZO', compressors }), 'r.parquet'))
    expect(failure.kind).toBe('damaged-file')
    expect(failure.message).toMatch(/LZO/)
    expect(failure.advice).toMatch(/snappy/)
  })

  it('refuses a file cut short anywhere', async () => {
    const whole = parquet()
    for (const length of [4, 6, 100, whole.byteLength - 1]) {
      const failure = await failing(fileOf(whole.slice(0, length), 'r.parquet'))
      expect(failure.kind).toBe('damaged-file')
      expect(failure.message).toMatch(/r\.parquet cannot be read as Parquet/)
      expect(failure.advice).toMatch(/cut short/)
    }
  })

  it('says which rows are damaged', async () => {
    const bytes = new Uint8Array(parquet({ columnData: [{ name: 'text', data: TEXTS, type: 'STRING' }] }))
    bytes.fill(0xff, 4, 120)
    expect((await failing(fileOf(bytes, 'r.parquet'))).message).toMatch(/rows 1 to 10 are damaged/)
  })
})
