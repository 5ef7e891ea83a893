import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ExploreExport } from '../core/exports/exploreExport'
import { readReference } from '../engine/referenceFixture'
import { command, TINY } from './commandFixture'

const { model, cases } = readReference('fixtures/tiny-bert/reference.json')
const RELATIVE = 1e-4

/** Compares relatively, and absolutely where fp32 has no digits left. */
function expectClose(actual: readonly number[], expected: readonly number[], what: string): void {
  expect(actual, what).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(actual[i] - value) / Math.max(Math.abs(value), 0.01)
    expect(error, `${what} ${i}: ${actual[i]} against ${value}`).toBeLessThan(RELATIVE)
  }
}

async function exploreJson(...args: readonly string[]): Promise<ExploreExport> {
  const { code, stdout, stderr } = await command(['explore', '--model', TINY, '--json', ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as ExploreExport
}

describe('explore --json', () => {
  it.each(cases)('gives what PyTorch gives for $name', async ({ text, tokens, inputIds, measurements }) => {
    const [reference] = measurements
    const [{ position, tokenId }] = reference.substitutions
    const vocabulary = await vocabularyOfTiny()
    const substitute = vocabulary[tokenId]
    const data = await exploreJson(`--text=${text}`, `--position=${position}`, `--substitute=${substitute}`)
    expect(data).toMatchObject({
      format: 'ripplescope-explore',
      version: 1,
      model: { id: 'tiny-bert', family: 'bert', layers: 3, width: 32, sha256: model.sha256 },
      tokens: inputIds.map((id, i) => ({ id, token: tokens[i] })),
      position,
      substitute: { id: tokenId, token: substitute },
    })
    const { shift, layers, prediction } = data
    expectClose([shift.l1, shift.l2, shift.linf], Object.values(reference.shift), 'shift')
    expect(layers.map(({ layer }) => layer)).toEqual([0, 1, 2, 3])
    for (const field of ['distance', 'own', 'relative', 'cosine'] as const) {
      const expected = reference[field === 'distance' ? 'distances' : field]
      expectClose(
        layers.map((row) => row[field]),
        expected,
        field,
      )
    }
    expect(prediction?.labels).toEqual(['NEGATIVE', 'POSITIVE'])
    expectClose(prediction?.after ?? [], reference.logits ?? [], 'logits after')
    expectClose(prediction?.probabilities?.before ?? [], reference.probabilityBefore ?? [], 'before')
  })

  it.each(cases)('takes the nearest neighbour where none is named, in $name', async ({ text, neighbors }) => {
    const [position] = neighbors.positions
    const { substitute } = await exploreJson(`--text=${text}`, `--position=${position}`)
    expect(substitute?.id).toBe(neighbors.ids[0][0])
    expectClose([substitute?.cosine ?? Number.NaN], [neighbors.cosines[0][0]], 'cosine')
  })

  it('leaves out what is excluded', async () => {
    const [{ text }] = cases
    const tokens = await Promise.all(
      [[], ['--exclude=other-kind']].map(async (extra) => {
        const { substitute } = await exploreJson(`--text=${text}`, '--position=8', ...extra)
        return substitute?.token ?? ''
      }),
    )
    expect(tokens[0]).toMatch(/^##/)
    expect(tokens[1]).not.toMatch(/^##/)
  })
})

async function vocabularyOfTiny(): Promise<string[]> {
  const { readFileSync } = await import('node:fs')
  const { model: tokenizer } = JSON.parse(readFileSync(`${TINY}/tokenizer.json`, 'utf8')) as {
    model: { vocab: Record<string, number> }
  }
  const vocabulary: string[] = []
  for (const [token, id] of Object.entries(tokenizer.vocab)) vocabulary[id] = token
  return vocabulary
}

const ESCAPE = '\u001b['
const TEXT = 'A great story.'

describe('explore', () => {
  it('reads standard input', async () => {
    const args = ['explore', '--model', TINY, '--position', '3', '--json', '--text']
    const piped = await command([...args, '-'], { stdin: `${TEXT}\n` })
    const named = await command([...args, TEXT])
    expect(JSON.parse(piped.stdout)).toEqual(JSON.parse(named.stdout))
  })

  it('draws a table as wide as the terminal, in colour only where one may', async () => {
    const args = ['explore', '--model', TINY, '--text', TEXT, '--position', '3']
    const piped = await command(args)
    const terminal = await command(args, { columns: 60, env: {} })
    const plain = await command(args, { columns: 60, env: { NO_COLOR: '1' } })
    expect(piped.stdout).toMatch(/^layer +distance +own +relative +cosine$/m)
    expect(piped.stdout).not.toContain(ESCAPE)
    expect(terminal.stdout).toContain(ESCAPE)
    expect(plain.stdout).not.toContain(ESCAPE)
    const widest = Math.max(...plain.stdout.split('\n').map((line) => line.length))
    expect(widest).toBeLessThanOrEqual(60)
    expect(plain.stdout).toContain('█')
  })

  it('lists the tokens where no position is named', async () => {
    const { stdout } = await command(['explore', '--model', TINY, '--text', TEXT])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => line.trim().split(/\s+/)[1])).toEqual([
      'token',
      '[CLS]',
      'a',
      'great',
      'story',
      '.',
      '[SEP]',
    ])
  })

  it('shows nothing of a text that would move the cursor', async () => {
    const { stdout } = await command([
      'explore',
      '--model',
      TINY,
      '--text',
      'A \u001b[2J great',
      '--position',
      '1',
    ])
    expect(stdout).not.toContain('\u001b')
  })

  it.each([
    [['--position', '6'], /no position 6: the text has 6 tokens/],
    [['--position', '0'], /\[CLS\], which frames the text/],
    [['--position', '-1'], /position/],
    [['--position', '1.5'], /must be a whole number/],
    [['--position', '3', '--substitute', 'flabbergasted'], /not one token of this model: it reads/],
    [['--position', '3', '--substitute', 'story'], /stands at position 3 already/],
    [['--json'], /--json needs --position/],
    [['--exclude', 'nouns'], /special, unused, other-kind, variants/],
    [['--frobnicate'], /unknown option/],
  ])('says what is wrong with %j', async (args, said) => {
    const { code, stdout, stderr } = await command(['explore', '--model', TINY, '--text', TEXT, ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(said)
    expect(stderr).not.toContain('    at ')
  })

  it('fails with one sentence where there is no model', async () => {
    const { code, stdout, stderr } = await command(['explore', '--model', 'nowhere', '--text', TEXT])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^ripplescope: There is no folder or file nowhere\. [^\n]+\n$/)
  })
})

describe('help', () => {
  it.each(['explore', 'run', 'merge', 'models', 'serve'])('has examples for %s', async (name) => {
    const { code, stdout, stderr } = await command([name, '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`$ ripplescope ${name}`)
  })

  it('comes on standard error, as wrong usage, where nothing is asked', async () => {
    const { code, stdout, stderr } = await command([])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('Usage: ripplescope')
  })

  it('tells the version', async () => {
    expect(await command(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' })
  })
})

describe('a model without a tokenizer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ripplescope-without-tokenizer-'))
  for (const name of ['config.json', 'model.safetensors']) copyFileSync(join(TINY, name), join(folder, name))
  afterAll(() => rmSync(folder, { recursive: true }))
  const ask = (...args: string[]) =>
    command(['explore', '--model', folder, '--text', TEXT, '--position', '1', '--json', ...args])

  it('is refused, and read with the tokenizer of another folder', async () => {
    const refused = await ask()
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/has no tokenizer\.json.*--tokenizer/s)
    const { stdout } = await ask('--tokenizer', TINY)
    const whole = await command(['explore', '--model', TINY, '--text', TEXT, '--position', '1', '--json'])
    const [read, wanted] = [stdout, whole.stdout].map((json) => JSON.parse(json))
    expect(read.layers).toEqual(wanted.layers)
    expect(JSON.stringify(read)).toContain(`+${TINY}`)
  })

  it('is not read with a vocabulary that its word table is too small for', async () => {
    expect((await ask('--tokenizer', 'built-in')).code).not.toBe(0)
  })
})
