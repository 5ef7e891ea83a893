import { type Command, Option } from 'commander'
import type { TokenCounts } from '../../core/corpus/run'
import { formatCsv } from '../../core/exports/csv'
import { fail } from '../../core/failure'
import { type GeometryFigure, geometryFigure, geometryTable } from '../../core/measures/geometryFigure'
import { measureTableGeometry, TABLE_MEASURE_NAMES, TABLE_MEASURES } from '../../core/measures/tableGeometry'
import { printable } from '../../core/text/printable'
import { sameEntries } from '../../core/text/sameEntries'
import { writeAtomically } from '../atomicFile'
import type { Environment } from '../environment'
import { InterruptedError } from '../exitCodes'
import { withModel } from '../modelFolder'
import { addModelOptions, examples, type ModelOptions, namesOf } from '../options'
import { createProgressLine } from '../progressLine'
import { mergeRuns } from '../run/mergedRun'
import { formatTable } from '../textTable'

const LEFT_OUT = ['special', 'unused'] as const

interface GeometryOptions extends ModelOptions {
  readonly exclude: readonly (typeof LEFT_OUT)[number][]
  readonly counts?: string
  readonly csv?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/**
 * Returns the token counts of a run's corpus.
 *
 * @throws FailureError `invalid-request` where the run's tokens are not those of the model
 */
async function countsOf(path: string, vocabulary: readonly string[]): Promise<TokenCounts> {
  const { counts, names } = await mergeRuns([path], true)
  if (sameEntries(names, vocabulary)) return counts
  return fail('invalid-request', `The tokens of ${path} are not those of this model.`, {
    advice: 'Name a run of a model with the same vocabulary.',
  })
}

const decimals = (value: number, digits = 3) => value.toFixed(digits)
const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/** Formats a geometry for a terminal. */
function formatGeometry(figure: GeometryFigure, nameOf: (tokenId: number) => string): string {
  const { k, entries, meanCosine, density, hubness, agreement, byCommonness } = figure
  const name = (tokenId: number) => printable(nameOf(tokenId))
  const lines = [
    `${entries.toLocaleString('en')} entries, ${k} nearest of each`,
    `mean cosine of two entries  ${decimals(meanCosine)}`,
    `mean cosine of the ${k} nearest  ${decimals(density.mean)}, median ${decimals(density.median)}`,
    '',
    ...formatTable(
      [
        { title: 'nearest by', align: 'left' },
        { title: 'skewness' },
        { title: 'nobody’s' },
        { title: 'top 1 %' },
        { title: 'hubs, and of how many entries they are a neighbour', align: 'left' },
      ],
      TABLE_MEASURES.map((measure) => {
        const { skewness, orphans, topShare, hubs } = hubness[measure]
        return [
          TABLE_MEASURE_NAMES[measure],
          decimals(skewness, 2),
          percent(orphans),
          percent(topShare),
          hubs.map(({ tokenId, count }) => `${name(tokenId)} ${count}`).join(', '),
        ]
      }),
    ),
    '',
    ...formatTable(
      [{ title: 'two measures', align: 'left' }, { title: 'same nearest' }, { title: `shared of ${k}` }],
      agreement.map(({ measures, nearest, shared }) => [
        measures.map((measure) => TABLE_MEASURE_NAMES[measure]).join(' and '),
        percent(nearest),
        percent(shared),
      ]),
    ),
  ]
  if (byCommonness) {
    const { spearman, bins } = byCommonness
    lines.push(
      '',
      `commonness and mean cosine of the ${k} nearest: rho ${decimals(spearman.coefficient, 2)} over ${spearman.n.toLocaleString('en')} entries`,
      ...formatTable(
        [
          { title: 'commonness', align: 'left' },
          { title: 'n' },
          { title: 'mean' },
          { title: '95 % interval' },
        ],
        bins
          .filter(({ n }) => n > 0)
          .map(({ from, to, n, mean, low, high }) => [
            `${decimals(from, 1)} to ${decimals(to, 1)}`,
            String(n),
            decimals(mean),
            n > 1 ? `${decimals(low)} to ${decimals(high)}` : '',
          ]),
      ),
    )
  }
  return `${lines.join('\n')}\n`
}

export function addGeometryCommand(program: Command, environment: Environment): void {
  const { stdout, stderr } = environment
  const command = program
    .command('geometry')
    .summary('what a model’s word table is like')
    .description(
      'Measures the geometry of the whole word table: the mean cosine of two entries, which entries are neighbours of very many (hubs), how near the nearest are, and whether cosine, l2 distance and dot product name the same ones.',
    )
    .addOption(
      new Option('--exclude <kinds>', `leave out entries of these kinds: ${LEFT_OUT.join(', ')}`)
        .argParser(namesOf(LEFT_OUT))
        .default([], 'none'),
    )
    .option('--counts <run>', 'a run of a model with this vocabulary: sets nearness against its commonness')
    .option('--csv <file>', 'write a row an entry, too')
    .option('--json', 'print one JSON object (docs/cli.md)')
    .option('-q, --quiet', 'no progress')
  addModelOptions(command)
    .addHelpText(
      'after',
      examples(
        'ripplescope geometry',
        'ripplescope geometry --model ./my-bert --counts run --csv table.csv',
        "ripplescope geometry --exclude special,unused --json | jq '.hubness.cosine.hubs'",
      ),
    )
    .action(async ({ exclude, counts, csv, json, quiet = false, ...options }: GeometryOptions) => {
      const stop = new AbortController()
      const forget = environment.onInterrupt(() => stop.abort(new InterruptedError('ripplescope: Stopped.')))
      const progress = createProgressLine(stderr, quiet)
      try {
        const printed = await withModel(options, environment, async (model) => {
          const { info, vocabulary } = model
          const known = counts === undefined ? null : await countsOf(counts, vocabulary)
          const leftOut = { special: exclude.includes('special'), unused: exclude.includes('unused') }
          const geometry = await measureTableGeometry((request) => model.tableNeighbors(request), {
            vocabularySize: info.vocabularySize,
            leftOut,
            signal: stop.signal,
            onProgress: ({ done, total }) => progress.update(`${done} of ${total} rows`),
          })
          const nameOf = (tokenId: number) => vocabulary[tokenId]
          if (csv !== undefined) {
            const { columns, rows } = geometryTable(geometry, nameOf, known)
            await writeAtomically(csv, [formatCsv(columns, rows)])
          }
          const figure = geometryFigure(geometry, known)
          if (!json) return formatGeometry(figure, nameOf)
          const named = Object.fromEntries(
            TABLE_MEASURES.map((measure) => [
              measure,
              {
                ...figure.hubness[measure],
                hubs: figure.hubness[measure].hubs.map((hub) => ({ ...hub, token: nameOf(hub.tokenId) })),
              },
            ]),
          )
          const { provenance } = info
          return `${JSON.stringify({ format: 'ripplescope-geometry', version: 1, provenance, leftOut, ...figure, hubness: named }, null, 2)}\n`
        })
        progress.end()
        stdout.write(printed)
      } finally {
        forget()
      }
    })
}
