import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StandInHub, startStandInHub } from '../../corpus/hub/hubFixture'
import { command, ENV, TINY } from '../commandFixture'

const folder = mkdtempSync(join(tmpdir(), 'ripplescope-input-'))
const at = (name: string) => join(folder, name)
const SETTINGS = ['--model', TINY, '--threads=1', '--sample=20', '--readings=0', '--quiet']
const TEXTS = Array.from({ length: 12 }, (_, i) => `A fine film, number ${i} of them.`)
const ROWS = TEXTS.map((text, label) => ({ text, label }))
const JSONL = ROWS.map((row) => `${JSON.stringify(row)}\n`).join('')

const changing = { config: 'default', split: 'test', rows: ROWS }

let hub: StandInHub
beforeAll(async () => {
  const table = { config: 'plain_text', split: 'test', rows: ROWS }
  const file = parquetWriteBuffer({
    columnData: [
      { name: 'text', data: TEXTS, type: 'STRING' },
      { name: 'label', data: ROWS.map(({ label }) => label), type: 'INT32' },
    ],
  })
  hub = await startStandInHub({
    'owner/reviews': { tables: [{ ...table, files: [file] }] },
    'owner/gated': { tables: [table], gated: true },
    'owner/changing': { tables: [changing] },
  })
  writeFileSync(at('plain.jsonl'), JSONL)
  await run('plain', [at('plain.jsonl')])
})
afterAll(async () => {
  await hub.close()
  rmSync(folder, { recursive: true })
})

const run = (out: string, args: readonly string[], stdin?: string) =>
  command(['run', ...args, ...SETTINGS, '--out', at(out)], {
    stdin,
    env: { ...ENV, RIPPLESCOPE_DATASETS_SERVER: `${hub.base}/` },
  })

/** Returns the texts of a run: those of the same corpus are drawn in the same order. */
const textsOf = (out: string) => readFileSync(at(`${out}/texts.jsonl`), 'utf8')
const originOf = (out: string) => JSON.parse(readFileSync(at(`${out}/run.json`), 'utf8')).header.origin

describe('run over a file of CSV', () => {
  it.each<[string, readonly string[], string, readonly string[]]>([
    [
      'no-header',
      ['--header=none', '--column=column 2'],
      '1,a good film\n2,a long film\n',
      ['a good film', 'a long film'],
    ],
    ['third-line', ['--header=3'], 'a,b\nc,d\nid,text\n1,a good film\n', ['a good film']],
    ['na-left-out', [], 'id,text\n1,NA\n2,a good film\n3,null\n', ['a good film']],
    ['na-kept', ['--keep-na'], 'id,text\n1,NA\n2,a good film\n', ['NA', 'a good film']],
  ])('reads it as it is asked to: %s', async (name, args, content, texts) => {
    writeFileSync(at(`${name}.csv`), content)
    expect((await run(name, [at(`${name}.csv`), ...args])).code).toBe(0)
    const read = textsOf(name).trimEnd().split('\n')
    expect(read.map((line) => JSON.parse(line).text).sort()).toEqual(texts)
  })

  it('says how many rows it leaves out as missing', async () => {
    const { stderr } = await command(
      ['run', at('na-left-out.csv'), '--model', TINY, '--threads=1', '--readings=0', '--out', at('na-said')],
      { env: ENV },
    )
    expect(stderr).toMatch(/2 rows left out for a sign of a missing value .*--keep-na/)
  })
})

describe('run over a data set of the hub', () => {
  it('reads the column of the split, and only that', async () => {
    const { code, stderr } = await run('hub', ['--dataset=owner/reviews', '--split=test', '--column=text'])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(textsOf('hub')).toBe(textsOf('plain'))
    expect(originOf('hub')).toEqual({
      name: 'owner/reviews (test)',
      kind: 'hub',
      column: 'text',
      sha256: null,
    })
    expect(hub.requests.some((path) => path.includes('.parquet'))).toBe(true)
  })

  it('goes on where the same command was interrupted, and takes no other data set for it', async () => {
    await run('resumed', ['--dataset=owner/reviews'])
    const before = readdirSync(at('resumed/batches'))
    rmSync(at(`resumed/batches/${before[0]}`))
    expect((await run('resumed', ['--dataset=owner/reviews'])).code).toBe(0)
    expect(readdirSync(at('resumed/batches'))).toEqual(before)
    expect((await run('resumed', [at('plain.jsonl')])).stderr).toMatch(/holds another run/)
  })

  it('is not merged from shards between which it was changed', async () => {
    await run('first', ['--dataset=owner/changing', '--shard=1/2'])
    changing.rows = [...ROWS, { text: 'A new one.', label: 0 }]
    await run('second', ['--dataset=owner/changing', '--shard=2/2'])
    const { code, stderr } = await command(['merge', at('merged.zip'), at('first'), at('second')])
    expect(stderr).toMatch(/are not parts of one run/)
    expect(code).toBe(1)
  })

  it.each([
    [['--dataset=owner/gated'], 1, /does not give out owner\/gated/],
    [['--dataset=owner/nothing'], 1, /does not give out owner\/nothing/],
    [['--dataset=owner/reviews', '--split=train'], 1, /no split “train”; it has test/],
    [['--dataset=owner/reviews', '--column=review'], 1, /review/],
    [['--dataset=no such name'], 1, /is no name of a data set/],
    [['--dataset=owner/reviews', 'reviews.csv'], 2, /Files and a data set/],
    [[], 2, /nothing to read/],
    [['reviews.csv', '--split=test'], 2, /Only a --dataset has a --split/],
  ])('refuses %j', async (args, expected, message) => {
    const { code, stderr } = await run('refused', args)
    expect(stderr).toMatch(message)
    expect(code).toBe(expected)
    expect(existsSync(at('refused'))).toBe(false)
  })
})

describe('run over files compressed with gzip', () => {
  it.each([
    ['reviews.jsonl.gz', JSONL],
    ['reviews.csv.gz', `text,label\n${ROWS.map(({ text, label }) => `"${text}",${label}\n`).join('')}`],
    ['reviews.txt.gz', `${TEXTS.join('\n')}\n`],
  ])('reads %s as the file inside', async (name, content) => {
    // Written as by `cat a.gz b.gz` and by tools that compress in parallel.
    const half = Math.floor(content.length / 2)
    writeFileSync(at(name), Buffer.concat([gzipSync(content.slice(0, half)), gzipSync(content.slice(half))]))
    const out = name.replaceAll('.', '-')
    expect(await run(out, [at(name)])).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(textsOf(out)).toBe(textsOf('plain'))
    expect(readdirSync(at(out))).not.toContain('.input')
  })

  it('says so where one is cut short, and leaves nothing behind', async () => {
    writeFileSync(at('cut.jsonl.gz'), gzipSync(JSONL).subarray(0, 60))
    const { code, stderr } = await run('cut', [at('cut.jsonl.gz')])
    expect(stderr).toMatch(/cut\.jsonl\.gz cannot be unpacked: it is cut short or damaged/)
    expect(code).toBe(1)
    expect(existsSync(at('cut'))).toBe(false)
  })

  it('refuses what is no text inside', async () => {
    writeFileSync(at('image.gz'), gzipSync(Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])))
    const { code, stderr } = await run('image', [at('image.gz')])
    expect(stderr).toMatch(/PNG/)
    expect(code).toBe(1)
  })
})
