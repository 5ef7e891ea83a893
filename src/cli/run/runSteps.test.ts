import { readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { command, REVIEWS, TINY } from '../commandFixture'

const SETTINGS = ['--sample=20', '--pairs=1', '--readings=4', '--threads=1']
const TEXTS = readFileSync(REVIEWS, 'utf8')
  .trimEnd()
  .split('\n')
  .slice(0, 30)
  .map((line) => (JSON.parse(line) as { text: string }).text)
const linesOf = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('')

async function step(name: string, input: readonly unknown[], model = TINY) {
  const args = ['run', '-', '--out=-', `--step=${name}`, '--model', model, ...SETTINGS]
  const { code, stdout, stderr } = await command(args, { stdin: linesOf(input) })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.split('\n').slice(0, -1)
}

/** Copies the tiny model as one of several labels, each by itself. */
async function multiLabelModel(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ripplescope-multi-label-'))
  await cp(TINY, folder, { recursive: true })
  const file = join(folder, 'config.json')
  const config = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...config, problem_type: 'multi_label_classification' }))
  return folder
}

const copies: string[] = []
afterAll(() => Promise.all(copies.map((folder) => rm(folder, { recursive: true }))))

describe('the steps of a run', () => {
  it.each([
    ['of one label', async () => TINY],
    ['of labels each by itself', async () => copies[copies.push(await multiLabelModel()) - 1]],
  ])('give together what one run gives, of a model %s', async (_, modelOf) => {
    const model = await modelOf()
    const stdin = linesOf(TEXTS.map((text) => ({ text })))
    const whole = await command(
      ['run', '-', '--format=jsonl', '--out=-', '--quiet', '--model', model, ...SETTINGS],
      { stdin },
    )
    expect(whole.code).toBe(0)
    const lines = whole.stdout.split('\n').slice(0, -1)
    const ofTables = (all: readonly string[], tables: RegExp) =>
      all.filter((line) => tables.test(line)).sort()

    const counted = await step(
      'count',
      TEXTS.map((text) => ({ text })),
      model,
    )
    const counts = /^\{"table":"counts"/
    expect(ofTables(counted, counts)).toEqual(ofTables(lines, counts))
    expect(counted.length).toBe(TEXTS.length + ofTables(lines, counts).length)

    const drawn = (await step('draw', [{ rows: TEXTS.length }], model)).map((line) => JSON.parse(line))
    expect(drawn).toHaveLength(20)
    const sample = drawn.map(({ sequence, text }) => ({ sequence, row: text, text: TEXTS[text] }))
    const records = /^\{"table":"(sequences|occurrences|perturbations|pairs|readings)"/
    // Neither the order nor the other texts matter.
    const measured = [
      ...(await step('measure', sample.slice(12).reverse(), model)),
      ...(await step('measure', sample.slice(0, 12), model)),
    ]
    expect(measured.every((line) => records.test(line))).toBe(true)
    expect(measured.sort()).toEqual(ofTables(lines, records))
  })

  it('tell rows without a text apart', async () => {
    const [blank, emptied, text] = await step('count', [
      { text: ' ' },
      { text: '<br />' },
      { text: 'A film.\u2028Fine.' },
    ])
    expect(JSON.parse(blank)).toEqual({ row: false, tokens: null })
    expect(JSON.parse(emptied)).toEqual({ row: true, tokens: null })
    expect(JSON.parse(text).tokens).toBeGreaterThan(2)
  })

  it('describe the model, the settings and the tables', async () => {
    const described = JSON.parse((await step('describe', []))[0])
    expect(described).toMatchObject({ layers: 3, settings: { sampleSize: 20, pairs: 1 } })
    expect(described.tables.readings.map(({ name }: { name: string }) => name)).toContain('rank_3')
  })

  it('name the line that they cannot read', async () => {
    for (const [input, said] of [
      ['{"text":"A."}\n{"text":\n', /Line 2 of standard input is not JSON/],
      ['{"text":7}\n', /Line 1 of standard input: text/],
    ] as const) {
      const { code, stderr } = await command(
        ['run', '-', '--out=-', '--step=count', '--model', TINY, ...SETTINGS],
        {
          stdin: input,
        },
      )
      expect(code).toBe(1)
      expect(stderr).toMatch(said)
    }
  })

  it('are refused with files', async () => {
    const { code, stderr } = await command([
      'run',
      REVIEWS,
      '--out=-',
      '--step=count',
      '--model',
      TINY,
      ...SETTINGS,
    ])
    expect(code).toBe(2)
    expect(stderr).toMatch(/reads standard input/)
  })
})
