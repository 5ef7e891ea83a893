import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  commonnessFinding,
  effectFinding,
  type Finding,
  frequencyFinding,
  identifiabilityFinding,
  pairsFinding,
  perturbationsFinding,
  propagationFinding,
  proxiesFinding,
} from '../charts/corpus/findings'
import { computeFigures } from '../core/corpus/figures/computeFigures'
import { command, REVIEWS, ROOT, TINY } from './commandFixture'
import { LIGHT_THEME } from './report/lightTheme'
import { markup } from './report/markup'
import { mergeRuns, runOfPieces } from './run/mergedRun'

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
  'proxies',
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
    const files = readdirSync(at('figures'))
    expect(files.sort()).toEqual([...NAMES, 'pairs-2'].map((name) => `${name}.svg`).sort())
    for (const file of files) {
      const svg = readFileSync(at(`figures/${file}`), 'utf8')
      expect(svg).not.toMatch(/var\(|color-mix|NaN|undefined|<script|url\(/)
    }
  })

  it('says of each figure what the page says of it', async () => {
    const html = readFileSync(at('report.html'), 'utf8')
    const run = await runOfPieces(await mergeRuns([at('run')], false))
    const figures = computeFigures(run, { norm: 'l2' })
    const names = new Map(run.tokenNames)
    const nameOf = (tokenId: number) => names.get(tokenId) ?? ''
    const said = (finding: Finding) => [finding.run, finding.paper].filter((sentence) => sentence !== null)
    const { frequency, commonness, propagation, identifiability, effect, pairs, perturbations, proxies } =
      figures
    const sentences = [
      frequencyFinding(frequency, nameOf),
      commonnessFinding(commonness),
      propagationFinding(propagation),
      identifiabilityFinding(identifiability),
      effectFinding(effect),
      pairsFinding(pairs),
      perturbationsFinding(perturbations),
      proxiesFinding(proxies),
    ].flatMap(said)
    expect(sentences.length).toBeGreaterThan(8)
    for (const sentence of sentences) expect(html).toContain(markup`<p>${sentence}</p>`.text)
  })

  it('takes the colours of the light theme', () => {
    const tokens = readFileSync(join(ROOT, 'src/app/styles/tokens.css'), 'utf8')
    for (const [name, color] of Object.entries(LIGHT_THEME)) {
      expect(tokens).toContain(`${name}: light-dark(${color}, `)
    }
    expect(readFileSync(at('figures/propagation.svg'), 'utf8')).toContain('{stroke: #e3e0d8;}')
  })

  it('draws lines where their values are', () => {
    const svg = readFileSync(at('figures/identifiability.svg'), 'utf8')
    const [, path] = /<g class="chart-line[^"]*"><path d="([^"]+)"/.exec(svg) ?? []
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
})
