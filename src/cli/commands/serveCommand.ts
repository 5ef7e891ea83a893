import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { fail } from '../../core/failure'
import type { Environment, Served } from '../environment'
import { examples, whole } from '../options'

interface ServeCommandOptions {
  readonly port?: number
  readonly host: string
}

const FIRST_PORT = 4173
const PORTS_TRIED = 50

const codeOf = (thrown: unknown) => (thrown instanceof Error && 'code' in thrown ? thrown.code : null)

/** Serves at the port asked for; if none is given, at the first free one. */
async function serveAt(
  { serve }: Environment,
  root: string,
  { port, host }: ServeCommandOptions,
): Promise<Served> {
  const [first, tried] = port === undefined ? [FIRST_PORT, PORTS_TRIED] : [port, 1]
  for (let next = first; next < first + tried; next++) {
    try {
      return await serve({ root, port: next, host })
    } catch (thrown) {
      const code = codeOf(thrown)
      if (code === 'EADDRINUSE') continue
      if (code === 'EACCES') fail('invalid-request', `Port ${next} may not be used by this user.`)
      throw thrown
    }
  }
  return fail(
    'invalid-request',
    `Port ${first}${tried > 1 ? ` and the ${tried - 1} after it are` : ' is'} in use.`,
    {
      advice: 'Name another with --port.',
    },
  )
}

export function addServeCommand(program: Command, environment: Environment): void {
  program
    .command('serve')
    .summary('the page itself, on this machine')
    .description(
      'Serves the built page until Ctrl-C, with the headers that threads need. The address is printed.',
    )
    .option(
      '--port <n>',
      `port; the first free one from ${FIRST_PORT} where this is left out`,
      whole(0, 65535),
    )
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .addHelpText('after', examples('ripplescope serve', 'ripplescope serve --port 8080'))
    .action(async (options: ServeCommandOptions) => {
      const { packageFolder, stdout, onInterrupt } = environment
      const root = join(packageFolder, 'dist')
      if (!existsSync(join(root, 'index.html'))) {
        fail('missing-file', `The page is not built: ${root} is not there.`, {
          advice: `Run \`npm ci && npm run build\` in ${packageFolder} first.`,
        })
      }
      const { url, close } = await serveAt(environment, root, options)
      stdout.write(`${url}\n`)
      await new Promise<void>((resolve) => {
        const forget = onInterrupt(() => {
          forget()
          resolve()
        })
      })
      await close()
    })
}
