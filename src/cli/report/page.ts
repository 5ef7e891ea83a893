import { format } from 'd3-format'
import type { RunFile } from '../../corpus/files/runFile'
import { Markup, markup } from './markup'
import type { Section } from './sections'

const whole = format(',d')

const STYLE = new Markup(`
:root { color-scheme: light; }
body { margin: 2.5rem auto; max-width: 46rem; padding: 0 1.25rem; background: #fcfbf8; color: #1b1d21;
  font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.6rem; margin: 0 0 0.25rem; }
h2 { font-size: 1.15rem; margin: 3rem 0 0.25rem; }
p { margin: 0.25rem 0 0.75rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 1rem 0; }
dt { color: #5d626b; }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 0.75rem 0; overflow-x: auto; }
svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: 13px; }
th, td { padding: 0.1rem 0.75rem 0.1rem 0; text-align: right; }
th:first-child, td:first-child { text-align: left; }
th { font-weight: 600; border-bottom: 1px solid #8b8f96; }
details { overflow-x: auto; }
summary { cursor: pointer; color: #0b6b8f; }
@media print { details::details-content { content-visibility: visible; block-size: auto; } }
`)

function table({ columns, rows, rowsInAll, title }: Section): Markup {
  return markup`<details><summary>The numbers${rowsInAll > rows.length ? ` (the first ${whole(rows.length)} of ${whole(rowsInAll)} rows)` : ''}</summary><table aria-label="${title}"><thead><tr>${columns.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>
${rows.map((cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`)}</tbody></table></details>`
}

/** Lists what was measured and how, so that it can be measured again. */
function facts({ header, status, tables }: RunFile): readonly (readonly [string, string])[] {
  const { provenance, settings, origin, corpus, sampled } = header
  const done = tables.sequences.rows
  const perturbations = settings.perturbations.join(', ') || 'none'
  return [
    ['model', `${provenance.modelId}, sha256 ${provenance.sha256}`],
    ['computed with', `${provenance.precision}, ${provenance.device}`],
    ['texts', `${origin.name}${origin.column === null ? '' : `, column ${origin.column}`}`],
    ['texts, sha256', origin.sha256 ?? 'not known'],
    [
      'corpus',
      `${whole(corpus.rows)} texts, ${whole(corpus.tokens)} tokens, ${whole(corpus.skipped)} rows left out`,
    ],
    [
      'sample',
      `${whole(done)} of ${whole(sampled)} texts, seed ${settings.seed}${status === 'finished' ? '' : '; a part'}`,
    ],
    [
      'settings',
      `norm ${settings.norm}, ${settings.leastImpactful} least impactful and ${settings.randomPositions} random positions (${perturbations}), ${settings.pairs} random pairs, ${settings.leastImpactfulPairs} of the least impactful, ${settings.readings} readings`,
    ],
    ['begun', header.startedAt],
  ]
}

/** Writes the report as one page that needs nothing else: no script, no font, no address. */
export function reportPage(run: RunFile, sections: readonly Section[], version: string): string {
  return markup`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="Ripplescope ${version}">
<title>Ripplescope: ${run.header.origin.name}</title>
<style>${STYLE}${new Markup([...new Set(sections.flatMap(({ drawings }) => drawings.flatMap(({ rules }) => rules)))].join('\n'))}</style>
<h1>${run.header.origin.name}</h1>
<p>What a minimal change to one token does in ${run.header.provenance.modelId}.</p>
<dl>${facts(run).map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
${sections.map(
  (
    section,
  ) => markup`<section id="${section.name}"><h2>${section.title}</h2>${section.sentences.map((sentence) => markup`<p>${sentence}</p>`)}
${section.drawings.map(({ svg }) => markup`<figure>${svg}</figure>`)}${table(section)}</section>
`,
)}
</html>
`.text
}
