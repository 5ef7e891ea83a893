import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { computeFigures } from '../../core/corpus/figures/computeFigures'
import { NONE, TABLES } from '../../core/corpus/records/records'
import type { CorpusRun } from '../../core/corpus/run'
import { fullRun, runOf } from '../../core/corpus/runFixture'
import { runTokenNames } from '../../core/corpus/runTokenNames'
import { type Failure, failureOf } from '../../core/failure'
import { NORMS } from '../../core/measures/norm'
import { MAX_FILE_BYTES, MAX_UNPACKED_BYTES } from './damagedRun'
import { readParquetTable, writeParquetTable } from './parquetTable'
import { readRunFile, writeRunFile } from './runFile'
import { writeRecords } from './writeRecords'

/** Returns the bytes of every column, so that NaN and -0 differ from what equals them. */
function bitsOf({ tables, counts }: CorpusRun) {
  const bits = (values: ArrayBufferView) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex')
  return {
    counts: [bits(counts.tokenIds), bits(counts.counts)],
    tables: TABLES.map((table) =>
      Object.entries(tables[table].columns).map(([name, column]) => [
        name,
        column.constructor.name,
        bits(column),
      ]),
    ),
  }
}

/** Returns a run of random bits, and thus floats of every size. */
function randomRun(): CorpusRun {
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state
  }
  const float = (): number => {
    const value = new Float32Array(Uint32Array.of(random()).buffer)[0]
    return Number.isNaN(value) ? Number.NaN : value
  }
  return runOf({
    occurrences: Array.from({ length: 3000 }, () => ({
      sequence: random() % 8,
      position: random() % 65_536,
      token_id: random() % 30_000,
      substitute_id: NONE,
      cosine: float(),
      shift_l1: float(),
      shift_l2: float() / 3,
      shift_linf: Number.POSITIVE_INFINITY,
    })),
  })
}

async function failureOfReading(parts: BlobPart[]): Promise<Failure> {
  try {
    await readRunFile(new Blob(parts))
  } catch (thrown) {
    return failureOf(thrown)
  }
  throw new Error('the file was opened')
}

const zipped = async () => unzipSync(await writeRunFile(fullRun()))
const manifestOf = (files: Record<string, Uint8Array>) => JSON.parse(strFromU8(files['run.json']))
const withManifest = (files: Record<string, Uint8Array>, change: object) =>
  zipSync({ ...files, 'run.json': strToU8(JSON.stringify({ ...manifestOf(files), ...change })) })
/** Returns the JSON of the run, with a part of it replaced. */
const json = async (from = '', to = '') => {
  const text = await (await writeRecords(fullRun(), 'json')).text()
  if (!text.includes(from)) throw new Error(`no ${from} in the file`)
  return text.replace(from, to)
}

describe('a run in a file', () => {
  it.each([
    ['parquet', fullRun()],
    ['json', fullRun()],
    ['parquet', randomRun()],
    ['json', randomRun()],
    ['parquet', runOf({})],
    ['json', runOf({})],
    ['csv', fullRun()],
    ['csv', randomRun()],
    ['csv', runOf({})],
  ] as const)('comes back from %s bit for bit (%#)', async (format, run) => {
    const read = await readRunFile(await writeRecords(run, format))
    expect(bitsOf(read)).toEqual(bitsOf(run))
    expect(read.header).toEqual(run.header)
    expect(read.status).toBe('finished')
    expect(read.figures).toBeNull()
    for (const table of TABLES) expect(read.tables[table].rows).toBe(run.tables[table].rows)
  })

  it.each(['csv', 'json', 'parquet'] as const)('brings the names of its tokens along: %s', async (format) => {
    const names = [
      [1, 'Ġfilm'],
      [2, '##ful'],
    ] as const
    expect((await readRunFile(await writeRecords(fullRun(), format, names))).tokenNames).toEqual(names)
    expect((await readRunFile(await writeRecords(fullRun(), format))).tokenNames).toBeNull()
  })

  it.each([
    ['a table that is gone', 'pairs.csv', null],
    ['other columns', 'sequences.csv', 'sequence,row\n1,2\n'],
    ['a cell that is no number', 'counts.csv', 'token_id,count\n1,three\n'],
    ['a number that does not fit', 'counts.csv', 'token_id,count\n1,-3\n'],
    ['a line that is too short', 'counts.csv', 'token_id,count\n1\n'],
  ])('says that its CSV is damaged: %s', async (_, name, text) => {
    const { [name]: changed, ...rest } = unzipSync(
      new Uint8Array(await (await writeRecords(fullRun(), 'csv')).arrayBuffer()),
    )
    expect(changed).toBeDefined()
    const bytes = zipSync(text === null ? rest : { ...rest, [name]: strToU8(text) })
    expect(await failureOfReading([Uint8Array.from(bytes)])).toMatchObject({ kind: 'damaged-file' })
  })

  it('brings its figures along', async () => {
    const run = fullRun()
    const figures = Object.fromEntries(NORMS.map((norm) => [norm, computeFigures(run, { norm })]))
    expect(figures.l2.frequency?.agreement[0].pearson.p).not.toBeUndefined()
    expect(figures.l2.commonness?.bins[1].mean).toBeNaN()
    const read = await readRunFile(new Blob([Uint8Array.from(await writeRunFile(run, figures))]))
    expect(read.figures).toEqual(figures)
    expect(read.figures?.l2?.effect?.points.shift).toBeInstanceOf(Float32Array)
  })

  it('has the same bytes whenever it is written', async () => {
    expect(await writeRunFile(fullRun())).toEqual(await writeRunFile(fullRun()))
  })

  it('carries header, units and rows in each Parquet file', async () => {
    const files = await zipped()
    expect(Object.keys(files).sort()).toEqual([
      'counts.parquet',
      'occurrences.parquet',
      'pairs.parquet',
      'perturbations.parquet',
      'readings.parquet',
      'run.json',
      'sequences.parquet',
    ])
    const text = strFromU8(files['perturbations.parquet'], true)
    expect(text).toContain('ripplescope.header')
    expect(text).toContain('"unit":"nats"')
  })

  it('opens as JSON after a byte order mark', async () => {
    const read = await readRunFile(new Blob(['\ufeff', await json()]))
    expect(bitsOf(read)).toEqual(bitsOf(fullRun()))
  })
})

describe('a file that is no run', () => {
  it.each([
    ['empty', [''], 'it is empty'],
    ['a picture', ['\x89PNG\r\n'], 'other bytes'],
    ['a table of text', ['text,label\ngood,1\n'], 'other bytes'],
    ['one Parquet table', ['PAR1...'], 'a single table of Parquet'],
    ['other JSON', ['{"text": "good"}'], '"format": "ripplescope-run"'],
    ['a session', ['{"format":"ripplescope-session","version":1}'], '"format": "ripplescope-run"'],
    ['another zip', [Uint8Array.from(zipSync({ 'a.txt': strToU8('a') }))], 'it has no run.json'],
  ])('is refused: %s', async (_, parts, message) => {
    const failure = await failureOfReading(parts)
    expect(failure.kind).toBe('damaged-file')
    expect(failure.message).toContain('not a run of Ripplescope')
    expect(failure.message).toContain(message)
    expect(failure.advice).toBeTruthy()
  })
})

describe('a damaged file of a run', () => {
  async function expectRefused(part: BlobPart, message: string) {
    const failure = await failureOfReading([part])
    expect(failure).toMatchObject({ kind: 'damaged-file', message: expect.stringContaining(message) })
  }
  const repacked = (files: Record<string, Uint8Array>) => Uint8Array.from(zipSync(files))

  it('is refused where it was cut short', async () => {
    const bytes = await writeRunFile(fullRun())
    await expectRefused(Uint8Array.from(bytes.subarray(0, bytes.length - 40)), 'it cannot be unpacked')
    await expectRefused((await json()).slice(0, -30), 'a part of it is missing')
  })

  it('is refused where a bit was changed', async () => {
    const files = await zipped()
    files['readings.parquet'][20] ^= 1
    await expectRefused(repacked(files), 'readings.parquet was changed')
  })

  it('is refused where a table is missing', async () => {
    const { 'pairs.parquet': _, ...files } = await zipped()
    await expectRefused(repacked(files), 'pairs.parquet is missing')
    await expectRefused(await json('"pairs"', '"pears"'), 'has a value that a run cannot have')
  })

  it('is refused where it states other rows', async () => {
    const files = await zipped()
    const { rows } = manifestOf(files)
    const changed = withManifest(files, { rows: { ...rows, readings: rows.readings + 1 } })
    await expectRefused(Uint8Array.from(changed), 'readings.parquet has 2 rows instead of 3')
  })

  it('is refused where another file stands in for a table', async () => {
    const files = await zipped()
    const checksums = manifestOf(files).files
    const changed = withManifest(
      { ...files, 'pairs.parquet': files['readings.parquet'] },
      { files: { ...checksums, 'pairs.parquet': checksums['readings.parquet'] } },
    )
    await expectRefused(Uint8Array.from(changed), 'pairs.parquet has other columns or types')
  })

  it('is refused where its layers are not those of its tables', async () => {
    const files = await zipped()
    const { header } = manifestOf(files)
    const changed = withManifest(files, { header: { ...header, layers: 3 } })
    await expectRefused(Uint8Array.from(changed), 'has other columns or types')
  })

  it.each([
    ['"values":[1,2]', '"values":[1,2,3]', 'token_id of counts has 3 rows instead of 2'],
    ['"values":[1,2]', '"values":[2,1]', 'token counts make no sense'],
    ['"values":[1,2]', '"values":[1,"2"]', 'row 1 of token_id in counts is no uint32'],
    ['"values":[65535,2]', '"values":[65536,2]', 'row 0 of tokens in sequences is no uint16'],
    ['"values":[65535,2]', '"values":[null,2]', 'row 0 of tokens in sequences is no uint16'],
    ['"name":"tokens","type":"uint16"', '"name":"tokens","type":"uint32"', 'no column tokens of type uint16'],
    ['"name":"row"', '"name":"rows"', 'no column row of type uint32'],
    ['"values":[0,0,4]', '"values":[0,0,6]', '6 stands for nothing as perturbation'],
    ['"sampled":8', '"sampled":1', '1 stands for nothing as sequence'],
    ['"seed":7', '"seed":-7', 'header.settings.seed has a value that a run cannot have'],
    ['"status":"finished"', '"status":"<b>"', 'status has a value that a run cannot have'],
  ])('is refused where %s is %s', async (from, to, message) => {
    await expectRefused(await json(from, to), message)
  })

  it('is refused where a newer version made it', async () => {
    const files = await zipped()
    const { header } = manifestOf(files)
    for (const file of [
      Uint8Array.from(withManifest(files, { version: 2, more: true })),
      Uint8Array.from(withManifest(files, { header: { ...header, version: 2 } })),
      await json('"version":1', '"version":2'),
    ]) {
      const failure = await failureOfReading([file])
      expect(failure.message).toBe('The file was made by a newer Ripplescope.')
      expect(failure.kind).toBe('damaged-file')
    }
  })

  it('is refused where its figures are incomplete', async () => {
    const files = await zipped()
    const checksums = manifestOf(files).files
    const refuse = async (figures: string, message: string) => {
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(figures))
      const changed = withManifest(
        { ...files, 'figures.json': strToU8(figures) },
        { files: { ...checksums, 'figures.json': Buffer.from(digest).toString('hex') } },
      )
      await expectRefused(Uint8Array.from(changed), message)
    }
    await refuse('{"l2":{"frequency":null}}', 'figures hold values')
    await refuse('[', 'figures are no JSON')
    const none = { frequency: null, commonness: null, propagation: null, identifiability: null, effect: null }
    const pairs = { layers: [], points: { sum: [1], both: [] } }
    await refuse(JSON.stringify({ l2: { ...none, perturbations: null, pairs } }), 'points of its figures')
  })
})

describe('a file that would fill the memory', () => {
  /** Overwrites the declared sizes of a zip's entries. */
  function declare(zip: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
    const changed = Uint8Array.from(zip)
    const view = new DataView(changed.buffer)
    for (let at = 0; at + 28 < changed.length; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, bytes, true)
    }
    return changed
  }

  it('is refused before it is unpacked', async () => {
    const failure = await failureOfReading([declare(await writeRunFile(fullRun()), MAX_UNPACKED_BYTES / 2)])
    expect(failure.message).toContain('more than the 1,024 MiB that are opened')
  })

  it('is not unpacked beyond what it declares', async () => {
    const bomb = declare(zipSync({ 'run.json': new Uint8Array(50_000_000) }), 1000)
    expect(unzipSync(bomb)['run.json'].buffer.byteLength).toBe(1000)
    expect((await failureOfReading([bomb])).kind).toBe('damaged-file')
  })

  it('is refused where it declares more rows than fit', async () => {
    const files = await zipped()
    const { rows } = manifestOf(files)
    const changed = withManifest(files, { rows: { ...rows, occurrences: 2 ** 40 } })
    const failure = await failureOfReading([Uint8Array.from(changed)])
    expect(failure.message).toContain('that are opened')
  })

  it('is refused where it is too large itself', async () => {
    const huge = Object.defineProperty(new Blob(['{']), 'size', { value: MAX_FILE_BYTES + 1 })
    await expect(readRunFile(huge)).rejects.toMatchObject({ failure: { kind: 'damaged-file' } })
  })
})

describe('a Parquet table', () => {
  const schema = [{ name: 'sequence', type: 'uint32', unit: '1', description: '' }] as const
  const read = (bytes: Uint8Array, type: 'uint32' | 'float32' = 'uint32') =>
    readParquetTable(bytes, { table: 'a', schema: [{ ...schema[0], type }], rows: 200_000 })

  it('holds more rows than a page', async () => {
    const sequence = Uint32Array.from({ length: 200_000 }, (_, i) => (i % 3 === 0 ? NONE : i))
    const bytes = writeParquetTable(schema, { rows: sequence.length, columns: { sequence } }, '{}')
    expect((await read(bytes)).columns.sequence).toEqual(sequence)
    await expect(read(bytes, 'float32')).rejects.toThrow(
      'other columns or types than it must have (sequence)',
    )
    bytes.fill(0, 1000, 2000)
    await expect(read(bytes.subarray(0, -9))).rejects.toThrow('no Parquet file')
  })
})

describe('names of tokens', () => {
  const vocabulary = Array.from({ length: 30_000 }, (_, id) => `<b>${id}</b>`)

  it('come back for every token of the run, and for no other', async () => {
    const run = fullRun()
    const names = runTokenNames(run, vocabulary)
    const { tokenNames } = await readRunFile(
      new Blob([Uint8Array.from(await writeRunFile(run, null, names))]),
    )
    expect(tokenNames).toEqual(names)
    const ids = new Set([...run.counts.tokenIds, ...run.tables.occurrences.columns.token_id])
    for (const id of run.tables.perturbations.columns.substitute_id) if (id !== NONE) ids.add(id)
    const named = new Map(names)
    expect([...ids].map((id) => named.get(id))).toEqual([...ids].map((id) => vocabulary[id]))
    expect(names.length).toBeLessThan(100)
  })

  it('are refused where they are none', async () => {
    const damaged = [[1, 2]] as unknown as ReturnType<typeof runTokenNames>
    const bytes = Uint8Array.from(await writeRunFile(fullRun(), null, damaged))
    expect(await failureOfReading([bytes])).toMatchObject({ kind: 'damaged-file' })
  })
})
