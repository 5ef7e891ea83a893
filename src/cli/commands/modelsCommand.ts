import type { Command } from 'commander'
import { type Failure, fail, failureOf } from '../../core/failure'
import { formatBytes } from '../../core/formatBytes'
import { printable } from '../../core/text/printable'
import type { OpenedModel } from '../../engine/openedModel'
import type { Environment } from '../environment'
import { failureLine } from '../exitCodes'
import { openModelFolder } from '../modelFolder'
import { examples } from '../options'
import { formatTable } from '../textTable'

const FORMAT = 'ripplescope-models'
const VERSION = 1

interface OpenableModel {
  readonly path: string
  readonly opens: true
  readonly id: string
  readonly family: string
  readonly layers: number
  readonly width: number
  readonly vocabulary: number
  readonly maxTokens: number
  readonly parameters: number
  readonly bytes: number
  readonly weights: string
  readonly sha256: string
  readonly labels: readonly string[]
  /** Size of the table in which neighbours are searched. */
  readonly wordTable: { readonly rows: number; readonly width: number }
  /** Names of the hidden states, h_0 first, as a forward gave them. */
  readonly hiddenStates: readonly string[]
}

interface RefusedModel {
  readonly path: string
  readonly opens: false
  readonly reason: string
  readonly failure: Failure
}

type InspectedModel = OpenableModel | RefusedModel

/** Text of a forward that shows whether the model really gives what its files promise. */
const PROBE = 'A good film.'

async function inspectOpened(path: string, model: OpenedModel): Promise<OpenableModel> {
  const { info, tokenizer } = model
  const { inputIds } = tokenizer.framed(tokenizer.contentIds(PROBE))
  const { hiddenStates } = await model.encodeOriginal(inputIds)
  const { id, family, layers, width, vocabularySize, maxTokens, parameters, bytes, labels, provenance } = info
  return {
    path,
    opens: true,
    id,
    family,
    layers,
    width,
    vocabulary: vocabularySize,
    maxTokens,
    parameters,
    bytes,
    weights: provenance.precision,
    sha256: provenance.sha256,
    labels,
    wordTable: { rows: vocabularySize, width },
    hiddenStates: hiddenStates.map((_, layer) => `h_${layer}`),
  }
}

async function inspect(
  path: string,
  token: string | undefined,
  environment: Environment,
): Promise<InspectedModel> {
  try {
    const model = await openModelFolder({ model: path, device: 'cpu', threads: 0, token }, environment)
    try {
      return await inspectOpened(path, model)
    } finally {
      await model.release()
    }
  } catch (thrown) {
    const failure = failureOf(thrown)
    return { path, opens: false, reason: failureLine(failure), failure }
  }
}

const millions = (count: number) => `${(count / 1e6).toFixed(count < 1e7 ? 2 : 0)} million`

function formatModel(model: InspectedModel): string {
  if (!model.opens) return `${model.path}\n  refused: ${printable(model.reason)}\n`
  const { hiddenStates, wordTable, labels } = model
  const fields = [
    ['family', model.family],
    ['layers', `${model.layers}, width ${model.width}, at most ${model.maxTokens} tokens`],
    ['word table', `${wordTable.rows} × ${wordTable.width}`],
    ['hidden states', `${hiddenStates.length}: ${hiddenStates[0]} to ${hiddenStates.at(-1)}`],
    ['labels', labels.length > 0 ? printable(labels.join(', ')) : 'none: no classification head'],
    ['weights', `${model.weights}; ${millions(model.parameters)} in ${formatBytes(model.bytes)}`],
    ['sha256', model.sha256],
  ]
  const lines = formatTable(
    [
      { title: '', align: 'left' },
      { title: '', align: 'left' },
    ],
    fields,
  ).slice(1)
  return `${printable(model.id)}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

export function addModelsCommand(program: Command, environment: Environment): void {
  program
    .command('models')
    .summary('what a model is, or why it is refused')
    .description(
      'Opens each model and says what was found: family, layers, word table, labels, weights, hidden states; or why it is refused.',
    )
    .argument('[path...]', 'folders or weights files; built-in where none is named')
    .option('--json', 'print one JSON object')
    .option(
      '--token <token>',
      'read token for gated and private models of the hub; HF_TOKEN in the environment does the same',
    )
    .addHelpText(
      'after',
      examples('ripplescope models', 'ripplescope models ./my-bert', 'ripplescope models built-in --json'),
    )
    .action(
      async (
        paths: readonly string[],
        { json, token }: { readonly json?: boolean; readonly token?: string },
      ) => {
        const models: InspectedModel[] = []
        for (const path of paths.length > 0 ? paths : ['built-in'])
          models.push(await inspect(path, token, environment))
        environment.stdout.write(
          json
            ? `${JSON.stringify({ format: FORMAT, version: VERSION, models }, null, 2)}\n`
            : models.map(formatModel).join('\n'),
        )
        const refused = models.filter(({ opens }) => !opens).length
        if (refused > 0) {
          fail(
            'unsupported-model',
            `${refused} of ${models.length} ${models.length > 1 ? 'models' : 'model'} cannot be opened.`,
          )
        }
      },
    )
}
