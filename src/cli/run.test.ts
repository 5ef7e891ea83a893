import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NONE, tableSchemas } from '../core/corpus/records/records'
import { readParquetTable } from '../corpus/files/parquetTable'
import { readRunFile } from '../corpus/files/runFile'
import { command, REVIEWS, TINY } from './commandFixture'

/** Everything that a run can measure, over few texts. */
const SETTINGS = [
  '--model',
  TINY,
  '--sample=44',
  '--perturbations=nearest,neighbor,random,mask,delete,swap',
  '--pairs=2',
  '--readings=all',
  '--quiet',
]

let folder: string
const at = (name: string) => join(folder, name)
const blobOf = (bytes: Buffer) => new Blob([new Uint8Array(bytes)])
const run = (out: string, ...more: string[]) => command(['run', REVIEWS, ...SETTINGS, '-o', at(out), ...more])

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ripplescope-run-'))
  expect(await run('whole')).toEqual({ code: 0, stdout: '', stderr: '' })
})
afterAll(() => rmSync(folder, { recursive: true }))

async function merge(out: string, ...inputs: string[]): Promise<Buffer> {
  const { code, stderr } = await command(['merge', at(out), ...inputs.map(at)])
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return readFileSync(at(out))
}

describe('run', () => {
  it('leaves a folder with what it began with and a file a batch, and nothing else', () => {
    expect(readdirSync(at('whole')).sort()).toEqual([
      'batches',
      'counts.parquet',
      'run.json',
      'texts.jsonl',
      'vocabulary.json',
    ])
    expect(readdirSync(at('whole/batches'))).toHaveLength(6)
    expect(readFileSync(at('whole/texts.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(44)
  })

  it('does nothing over again', async () => {
    const before = readFileSync(at('whole/run.json'), 'utf8')
    const { code, stderr } = await command(['run', REVIEWS, ...SETTINGS.slice(0, -1), '-o', at('whole')])
    expect(code).toBe(0)
    expect(stderr).toContain('44 of 44 texts are measured, 0 of them now.')
    expect(readFileSync(at('whole/run.json'), 'utf8')).toBe(before)
  })

  it('refuses to go on with another run, and leaves it as it is', async () => {
    const { code, stderr } = await run('whole', '--seed=8')
    expect(code).toBe(1)
    expect(stderr).toMatch(/whole holds another run/)
  })

  it('does not write between other files', async () => {
    const { code, stderr } = await command(['run', REVIEWS, ...SETTINGS, '-o', TINY])
    expect(code).toBe(1)
    expect(stderr).toMatch(/holds other files/)
  })

  it('measures the batches anew that are gone', async () => {
    await run('again')
    for (const name of ['000001.zip', '000005.zip']) rmSync(at(`again/batches/${name}`))
    writeFileSync(at('again/batches/.000001.zip.1.tmp'), 'left by a killed process')
    await run('again')
    expect(readdirSync(at('again/batches')).sort()).toEqual(readdirSync(at('whole/batches')).sort())
    for (const name of readdirSync(at('whole/batches'))) {
      expect(readFileSync(at(`again/batches/${name}`))).toEqual(readFileSync(at(`whole/batches/${name}`)))
    }
  })

  it('names a damaged batch', async () => {
    await run('damaged', '--sample=10')
    writeFileSync(at('damaged/batches/000001.zip'), 'PK\u0003\u0004 not a zip')
    const { code, stderr } = await command(['merge', at('damaged.zip'), at('damaged')])
    expect(code).toBe(1)
    expect(stderr).toMatch(/000001\.zip: .*Remove that file and run again/)
    expect(existsSync(at('damaged.zip'))).toBe(false)
  })

  it('begins anew where its beginning was cut short', async () => {
    await run('cut')
    rmSync(at('cut/run.json'))
    await run('cut')
    expect(await merge('cut.zip', 'cut')).toEqual(await merge('uncut.zip', 'whole'))
  })

  it('reads standard input as it reads a file', async () => {
    const stdin = readFileSync(REVIEWS, 'utf8')
    const args = ['run', '-', '--format=jsonl', ...SETTINGS, '-o', at('piped')]
    expect(await command(args, { stdin })).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(readdirSync(at('piped'))).not.toContain('.input')
    for (const name of readdirSync(at('whole/batches'))) {
      const [piped, whole] = await Promise.all(
        ['piped', 'whole'].map((run) => readRunFile(blobOf(readFileSync(at(`${run}/batches/${name}`))))),
      )
      expect(piped.tables).toEqual(whole.tables)
    }
  })

  it('takes several files as one corpus, in their order', async () => {
    const lines = readFileSync(REVIEWS, 'utf8').trimEnd().split('\n')
    writeFileSync(at('a.jsonl'), `${lines.slice(0, 50).join('\n')}\n`)
    const texts = lines.slice(50).map((line) => (JSON.parse(line) as { text: string }).text)
    writeFileSync(
      at('b.csv'),
      `n,text\n${texts.map((text, i) => `${i},"${text.replaceAll('"', '""')}"`).join('\n')}\n`,
    )
    const { code } = await command(['run', at('a.jsonl'), at('b.csv'), ...SETTINGS, '-o', at('several')])
    expect(code).toBe(0)
    expect(readFileSync(at('several/texts.jsonl'), 'utf8')).toBe(
      readFileSync(at('whole/texts.jsonl'), 'utf8'),
    )
  })

  it('says which lines it left out', async () => {
    writeFileSync(at('bad.jsonl'), '{"text":"A fine film."}\n{"text":\n{"text":"A dull film."}\n')
    const { code, stderr } = await command(['run', at('bad.jsonl'), '--model', TINY, '-o', at('bad')])
    expect(code).toBe(0)
    expect(stderr).toContain('line 2 was left out: ')
    expect(stderr).toContain('2 of 2 texts are measured')
  })

  it.each([
    [['run', 'none.csv'], 1, /no file none\.csv/],
    [['run', REVIEWS, '--column=body'], 1, /no column .body.; it has id, label, text/],
    [['run', REVIEWS, '--shard=3/2'], 2, /It must be i\/n/],
    [['run', REVIEWS, '--sample=0'], 2, /whole number, 1 to/],
    [['run', REVIEWS, '--perturbations=burn'], 2, /nearest, neighbor, random/],
    [['run', '-', '-'], 2, /read once/],
  ])('ends %j with a sentence', async (args, expected, said) => {
    const { code, stdout, stderr } = await command([...args, '--model', TINY, '-o', at('refused')])
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
    expect(stderr).toMatch(said)
    expect(existsSync(at('refused'))).toBe(false)
  })

  it('ends with a sentence where there is no text', async () => {
    const args = ['run', '-', '--format=txt', '--model', TINY, '-o', at('empty')]
    const { code, stderr } = await command(args, { stdin: '\n \n\n' })
    expect(code).toBe(1)
    expect(stderr).toMatch(/There is no text in stdin\.txt/)
  })
})

describe('shards', () => {
  it('merge to the same bits: 1, 2 and 7 of them, in any order', async () => {
    const whole = await merge('whole.zip', 'whole')
    for (const of of [2, 7]) {
      const names = Array.from({ length: of }, (_, i) => `${of}-${i + 1}`)
      for (const [i, name] of names.entries()) await run(name, `--shard=${i + 1}/${of}`)
      expect(await merge(`${of}.zip`, ...names)).toEqual(whole)
      expect(await merge(`${of}-reversed.zip`, ...names.toReversed())).toEqual(whole)
      const parts = names.slice(0, 1).concat(names.slice(1).toReversed())
      expect(await merge(`${of}-other.zip`, ...parts)).toEqual(whole)
    }
  })

  it('learn the same maps, each from texts of its own folder, and read with them what they measure', async () => {
    const learned = '--learned-texts=20'
    await run('learned', learned)
    for (const i of [1, 2]) await run(`learned-${i}`, learned, `--shard=${i}/2`)
    const whole = await merge('learned.zip', 'learned')
    expect(await merge('learned-shards.zip', 'learned-2', 'learned-1')).toEqual(whole)
    expect(readdirSync(at('learned-2'))).toContain('learned.jsonl')
    const { tables, header } = await readRunFile(blobOf(whole))
    expect(header.settings.learnedTexts).toBe(20)
    const { readings } = tables
    const held = Array.from(readings.columns.learned_rank_3).filter((rank) => rank !== NONE)
    expect(new Set(readings.columns.sequence).size).toBe(44)
    expect(held.length).toBeGreaterThan(100)
    expect(held.length).toBeLessThan(readings.rows - 100)
    // All else is what it is without.
    const without = (await readRunFile(blobOf(await merge('without.zip', 'whole')))).tables
    for (const [name, column] of Object.entries(without.readings.columns)) {
      expect(readings.columns[name]).toEqual(column)
    }
    expect(tables.perturbations).toEqual(without.perturbations)
    expect(Object.keys(without.readings.columns)).not.toContain('learned_rank_0')
  })

  it('measure where effects are carried, each for its own texts, and change nothing else', async () => {
    const causal = ['--causal=restored', '--sample=9']
    await run('causal', ...causal)
    for (const i of [1, 2]) await run(`causal-${i}`, ...causal, `--shard=${i}/2`)
    const whole = await merge('causal.zip', 'causal')
    expect(await merge('causal-shards.zip', 'causal-2', 'causal-1')).toEqual(whole)
    const { tables, header } = await readRunFile(blobOf(whole))
    expect(header.settings.causal).toBe('restored')
    const { columns, rows } = tables.perturbations
    expect(rows).toBeGreaterThan(20)
    // At the embedding layer the changed token alone is another.
    const told = Array.from(columns.causal_own_0).filter(Number.isFinite)
    expect(told.length).toBeGreaterThan(20)
    for (const share of told) expect(share).toBeCloseTo(1, 3)
    await run('plain', '--sample=9')
    const plain = (await readRunFile(blobOf(await merge('plain.zip', 'plain')))).tables
    for (const [name, column] of Object.entries(plain.perturbations.columns))
      expect(columns[name]).toEqual(column)
    expect(Object.keys(plain.perturbations.columns)).not.toContain('effect')
  })

  it('are refused where one is missing, named twice or of another run', async () => {
    await run('other', '--seed=9')
    for (const [inputs, said] of [
      [['2-1'], /Texts 24 to 43 of the sample are in no part/],
      [['2-1', '2-2', '7-3'], /is in .* and in another part/],
      [['2-1', 'other'], /not parts of one run/],
    ] as const) {
      const { code, stderr } = await command(['merge', at('refused.zip'), ...inputs.map(at)])
      expect(code).toBe(1)
      expect(stderr).toMatch(said)
    }
    expect(existsSync(at('refused.zip'))).toBe(false)
  })

  it('merge in part where that is asked for', async () => {
    expect((await command(['merge', at('part.zip'), at('2-1'), '--partial'])).code).toBe(0)
    const { status, tables } = await readRunFile(blobOf(readFileSync(at('part.zip'))))
    expect(status).toBe('cancelled')
    expect(tables.sequences.rows).toBe(24)
    // A file of a part is a part.
    expect(await merge('rejoined.zip', '2-2', 'part.zip')).toEqual(await merge('joined.zip', 'whole'))
  })
})

describe('results', () => {
  it('are files where --out names one', async () => {
    await run('direct.zip')
    expect(readFileSync(at('direct.zip'))).toEqual(await merge('indirect.zip', 'whole'))
    expect(existsSync(at('direct.zip.run'))).toBe(false)
    const { code, stderr } = await run('direct.zip')
    expect(code).toBe(2)
    expect(stderr).toMatch(/is there already/)
  })

  it('say the same in every format', async () => {
    const { header, tables } = await readRunFile(blobOf(await merge('same.zip', 'whole')))
    const json = await readRunFile(blobOf(await merge('same.json', 'whole')))
    expect(json.tables).toEqual(tables)
    const schema = tableSchemas(header.layers).perturbations
    const { rows } = tables.perturbations
    const parquet = await merge('same.parquet', 'whole')
    expect(await readParquetTable(new Uint8Array(parquet), { table: 'perturbations', schema, rows })).toEqual(
      tables.perturbations,
    )
    expect((await command(['merge', at('same'), at('whole')])).code).toBe(0)
    expect(readdirSync(at('same')).sort()).toEqual([
      'counts.parquet',
      'header.json',
      'occurrences.parquet',
      'pairs.parquet',
      'perturbations.parquet',
      'readings.parquet',
      'sequences.parquet',
      'tokens.json',
    ])
    expect(readFileSync(at('same/perturbations.parquet'))).toEqual(parquet)
  })

  it('are JSON lines on standard output', async () => {
    const { stdout, stderr } = await command(['merge', '-', at('whole')])
    expect(stderr).toBe('')
    const { tables } = await readRunFile(blobOf(await merge('lines.zip', 'whole')))
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines[0]).toMatchObject({ table: 'run', status: 'finished', version: 1 })
    const readings = lines.filter(({ table }) => table === 'readings')
    expect(readings.map(({ rank_3 }) => rank_3)).toEqual(Array.from(tables.readings.columns.rank_3))
    const shifts = lines
      .filter(({ table }) => table === 'occurrences')
      .map(({ shift_l2 }) => Number(shift_l2))
    expect(Float32Array.from(shifts)).toEqual(tables.occurrences.columns.shift_l2)
    const direct = await command(['run', REVIEWS, ...SETTINGS, '-o', '-'])
    expect(direct).toEqual({ code: 0, stdout, stderr: '' })
  })
})
