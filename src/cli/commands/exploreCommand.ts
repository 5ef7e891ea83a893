import { text as readText } from 'node:stream/consumers'
import type { Command } from 'commander'
import { explore, exploreTokens } from '../../api/explore'
import { formatExploreJson } from '../../core/exports/exploreExport'
import { failureOf } from '../../core/failure'
import { type Environment, wantsColor, widthOf } from '../environment'
import { UsageError } from '../exitCodes'
import { formatExplore, formatTokens } from '../exploreText'
import { withModel } from '../modelFolder'
import {
  addExcludeOption,
  addModelOptions,
  type ExcludeOption,
  examples,
  filtersOf,
  type ModelOptions,
  whole,
} from '../options'

interface ExploreOptions extends ModelOptions {
  readonly text: string
  readonly position?: number
  readonly substitute?: string
  readonly exclude: ExcludeOption
  readonly json?: boolean
}

/** Turns a request for what the text or the model does not have into a usage error. */
async function asUsage<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (thrown) {
    const { kind, message, advice = 'Leave --position out to see the tokens.' } = failureOf(thrown)
    throw kind === 'invalid-request' ? new UsageError(message, advice) : thrown
  }
}

export function addExploreCommand(program: Command, environment: Environment): void {
  const { stdin, stdout, env } = environment
  const command = program
    .command('explore')
    .summary('one substitution in one text')
    .description(
      'Substitutes one token of a text and shows what it does to the embedding, to every layer and to the prediction. ' +
        'Without --position it lists the tokens.',
    )
    .requiredOption('-t, --text <text>', 'the text; - reads standard input')
    .option('-p, --position <n>', 'token to change, from 0, special tokens counted', whole(0))
    .option('-s, --substitute <token>', 'what takes its place; the nearest neighbour where this is left out')
    .option('--json', 'print one JSON object (docs/cli.md)')
  addModelOptions(addExcludeOption(command))
    .addHelpText(
      'after',
      examples(
        "ripplescope explore --text 'A wonderful film.'",
        "ripplescope explore --text 'A wonderful film.' --position 2",
        "ripplescope explore --text 'A wonderful film.' --position 2 --substitute terrible --json | jq .shift",
        'ripplescope explore --model ./my-bert --text - --position 7 < review.txt',
      ),
    )
    .action(async (options: ExploreOptions) => {
      const { position, substitute = null, json } = options
      if (position === undefined && (json || substitute !== null)) {
        throw new UsageError(`${json ? '--json' : '--substitute'} needs --position.`)
      }
      const text = options.text === '-' ? (await readText(stdin)).replace(/\r?\n$/, '') : options.text
      const filters = filtersOf(options.exclude)
      const printed = await withModel(options, environment, async (model) => {
        if (position === undefined) return formatTokens(await exploreTokens(model, text, filters))
        const data = await asUsage(() => explore(model, { text, position, substitute, filters }))
        if (json) return formatExploreJson(data)
        return formatExplore(data, { width: widthOf(stdout), color: wantsColor(stdout, env) })
      })
      stdout.write(printed)
    })
}
