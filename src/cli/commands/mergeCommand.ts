import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { TABLES, type TableName } from '../../core/corpus/records/records'
import { type Environment, writeLines } from '../environment'
import { UsageError } from '../exitCodes'
import { examples } from '../options'
import { mergeRuns } from '../run/mergedRun'
import { formatOf, jsonLines, writeResult } from '../run/runOutput'

interface MergeOptions {
  readonly table: TableName
  readonly partial?: boolean
}

export const STDOUT = '-'

export const tableOption = () =>
  new Option('--table <name>', 'the table that a .parquet file holds')
    .choices(TABLES)
    .default('perturbations' satisfies TableName)

export function addMergeCommand(program: Command, environment: Environment): void {
  program
    .command('merge')
    .summary('shards of a run as one result')
    .description(
      'Joins the parts of a run, named in any order: the same bits however it was divided. OUT is a .zip (opens in the page), ' +
        '.json, .jsonl or .parquet file, a folder of Parquet tables, or - for JSON lines on standard output.',
    )
    .argument('<out>', 'what is written')
    .argument('<run...>', 'folders of `ripplescope run`, or files of runs')
    .addOption(tableOption())
    .option('--partial', 'also where texts of the sample are missing')
    .addHelpText(
      'after',
      examples(
        'ripplescope merge result.zip shard-1 shard-2 shard-3',
        'ripplescope merge tables/ my-run',
        'ripplescope merge propagation.parquet my-run --table perturbations',
        'ripplescope merge - my-run | grep \'"table":"readings"\'',
      ),
    )
    .action(async (out: string, paths: readonly string[], { table, partial }: MergeOptions) => {
      const { stdout, stderr } = environment
      if (out !== STDOUT) {
        formatOf(out)
        if (existsSync(out)) throw new UsageError(`${out} is there already.`, 'Name another, or remove it.')
      }
      const merged = await mergeRuns(paths, Boolean(partial))
      if (out === STDOUT) {
        await writeLines(stdout, jsonLines(merged))
        return
      }
      await writeResult(out, merged, table)
      stderr.write(`${merged.sequences} of ${merged.header.sampled} texts in ${out}.\n`)
    })
}
