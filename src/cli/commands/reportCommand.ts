import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { computeFigures } from '../../core/corpus/figures/computeFigures'
import { fail } from '../../core/failure'
import { NORMS, type Norm } from '../../core/measures/norm'
import { writeAtomically } from '../atomicFile'
import type { Environment } from '../environment'
import { UsageError } from '../exitCodes'
import { examples } from '../options'
import { drawingFile } from '../report/drawing'
import { reportPage } from '../report/page'
import { reportSections } from '../report/sections'
import { mergeRuns, runOfPieces } from '../run/mergedRun'

interface ReportOptions {
  readonly out: string
  readonly norm?: Norm
  readonly svg?: string
}

export function addReportCommand(program: Command, environment: Environment): void {
  program
    .command('report')
    .summary('the figures of a run as one page')
    .description(
      'Computes the figures of a run, or of as much of it as there is, and writes them as one HTML page that needs nothing else.',
    )
    .argument('<run...>', 'a folder of `ripplescope run`, a file of a run, or the shards of one')
    .requiredOption('-o, --out <file>', 'the page, ending with .html')
    .addOption(
      new Option('--norm <name>', 'norm of the shifts; that of the run where this is left out').choices(
        NORMS,
      ),
    )
    .option('--svg <folder>', 'write each figure as a file of its own, too')
    .addHelpText(
      'after',
      examples(
        'ripplescope report run --out report.html',
        'ripplescope report result.zip --out report.html --svg figures',
        'ripplescope report shard-* --norm linf --out report.html',
      ),
    )
    .action(async (paths: readonly string[], { out, norm, svg }: ReportOptions) => {
      if (!/\.html?$/i.test(out)) throw new UsageError('--out must end with .html.')
      const run = await runOfPieces(await mergeRuns(paths, true))
      if (run.tables.sequences.rows === 0) {
        fail('invalid-request', 'Nothing is measured of this run yet.', { advice: 'Go on with it first.' })
      }
      const by = norm ?? run.header.settings.norm
      const names = new Map(run.tokenNames)
      const sections = reportSections(
        computeFigures(run, { norm: by, shipped: run.figures?.[by] ?? null }),
        (tokenId) => names.get(tokenId) ?? `#${tokenId}`,
        run.header.settings,
      )
      if (svg !== undefined) {
        for (const { name, title, drawings } of sections) {
          for (const [i, drawing] of drawings.entries()) {
            const file = i === 0 ? `${name}.svg` : `${name}-${i + 1}.svg`
            await writeAtomically(join(svg, file), [drawingFile(drawing, title)])
          }
        }
      }
      await writeAtomically(out, [reportPage(run, sections, environment.version)])
    })
}
