import { Command } from 'commander'
import { addExploreCommand } from './commands/exploreCommand'
import { addGeometryCommand } from './commands/geometryCommand'
import { addMergeCommand } from './commands/mergeCommand'
import { addModelsCommand } from './commands/modelsCommand'
import { addReportCommand } from './commands/reportCommand'
import { addRunCommand } from './commands/runCommand'
import { addServeCommand } from './commands/serveCommand'
import type { Environment } from './environment'
import { EXIT, endedBy } from './exitCodes'

function createProgram(environment: Environment): Command {
  const { stdout, stderr, version } = environment
  const program = new Command('ripplescope')
    .description('See how a minimal change to one token travels through a transformer.')
    .version(version, '-V, --version', 'print the version')
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
    })
    .configureHelp({ sortOptions: false })
    .helpCommand('help [command]', 'show help for a command')
    .exitOverride()
    .showHelpAfterError('(--help shows what can be asked)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted. Only data goes to standard output.\n' +
        'Documentation: docs/cli.md',
    )
  addExploreCommand(program, environment)
  addRunCommand(program, environment)
  addMergeCommand(program, environment)
  addReportCommand(program, environment)
  addGeometryCommand(program, environment)
  addModelsCommand(program, environment)
  addServeCommand(program, environment)
  return program
}

/**
 * Runs the command line.
 *
 * @param args without the names of node and of the script
 * @returns exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted
 */
export async function runCli(args: readonly string[], environment: Environment): Promise<number> {
  try {
    await createProgram(environment).parseAsync([...args], { from: 'user' })
    return EXIT.ok
  } catch (thrown) {
    const { code, line } = endedBy(thrown)
    if (line !== null) environment.stderr.write(`${line}\n`)
    return code
  }
}
