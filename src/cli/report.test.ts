import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { computeFigures } from '../core/corpus/computeFigures'
import { command, REVIEWS, TINY } from './commandFixture'
import { mergeRuns, runOfPieces } from './mergedRun'
import { markup } from './report/markup'
import { apart } from './report/plot'

let folder: string
const at = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ripplescope-report-'))
  const settings = ['--sample=30', '--perturbations=nearest,delete', '--pairs=1', '--readings=all', '--quiet']
  const { code } = await command(['run', REVIEWS, '--model', TINY, ...settings, '-o', at('run')])
  expect(code).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true }))

const NAMES = [
  'commonness',
  'effect',
  'frequency',
  'identifiability',
  'pairs',
  'perturbations',
  'propagation',
]

describe('report', () => {
  it('is one page with every figure and its numbers, and asks nobody for anything', async () => {
    const ended = await command(['report', at('run'), '-o', at('report.html'), '--svg', at('figures')])
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
    const html = readFileSync(at('report.html'), 'utf8')
    expect([...html.matchAll(/<section id="(\w+)">/g)].map(([, name]) => name).sort()).toEqual(NAMES)
    expect(html.match(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/)).toBeNull()
    expect(html).not.toMatch(/<script|\son\w+=|url\(|NaN|undefined|Infinity/)
    const run = await runOfPieces(await mergeRuns([at('run')], false))
    const { propagation } = computeFigures(run, { norm: 'l2' })
    const [{ layers }] = propagation?.ranks ?? []
    expect(html).toContain(`<td>${layers[3].mean.toPrecision(4).replace(/\.?0+$/, '')}</td>`)
    expect(readdirSync(at('figures')).sort()).toEqual(NAMES.map((name) => `${name}.svg`))
  })

  it('draws lines where their values are', () => {
    const svg = readFileSync(at('figures/identifiability.svg'), 'utf8')
    const [, path] = /<path d="([^"]+)" fill="none"/.exec(svg) ?? []
    const places = path
      .slice(1)
      .split('L')
      .map((place) => place.split(',').map(Number))
    expect(places).toHaveLength(4)
    // The embedding layer reads as its tokens more often than any other: higher up.
    expect(Math.min(...places.map(([, y]) => y))).toBe(places[0][1])
    expect(places.map(([x]) => x)).toEqual([...places.map(([x]) => x)].sort((a, b) => a - b))
  })

  it('says that a part is a part', async () => {
    rmSync(at('run/batches/000001.zip'))
    expect((await command(['report', at('run'), '-o', at('part.html')])).code).toBe(0)
    expect(readFileSync(at('part.html'), 'utf8')).toContain('22 of 30 texts, seed 7; a part')
  })

  it.each([
    [['run', '-o', 'report.pdf'], 2, /must end with \.html/],
    [['nowhere', '-o', 'report.html'], 1, /no file or folder/],
    [['run'], 2, /--out/],
  ])('ends %j with a sentence', async (args, expected, said) => {
    const { code, stderr } = await command([
      'report',
      ...args.map((arg) => (arg === 'run' ? at('run') : arg)),
    ])
    expect(code).toBe(expected)
    expect(stderr).toMatch(said)
  })
})

describe('its parts', () => {
  it('show the text of strangers as text', () => {
    const hostile = '</svg><script>alert("1")</script>\u0000'
    expect(markup`<text>${hostile}</text>`.text).toBe(
      '<text>&lt;/svg&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\ufffd</text>',
    )
  })

  it('keep labels apart and inside', () => {
    const placed = apart([50, 51, 49, 300], { left: 0, right: 0, top: 10, bottom: 100 })
    const sorted = placed.toSorted((a, b) => a - b)
    expect(placed.indexOf(sorted[0])).toBe(2)
    for (let i = 1; i < sorted.length; i++) expect(sorted[i] - sorted[i - 1]).toBeGreaterThanOrEqual(14)
    expect(sorted[0]).toBeGreaterThanOrEqual(10)
    expect(sorted.at(-1)).toBeLessThanOrEqual(100)
  })
})
