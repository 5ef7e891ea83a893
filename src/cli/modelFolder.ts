import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { FailureError, fail, failureOf } from '../core/failure'
import { openNodeDevice } from '../engine/forward/nodeDevices'
import type { ModelFiles } from '../engine/modelFiles'
import { type OpenedModel, openModel } from '../engine/openedModel'
import { fetchHubModel } from '../engine/sources/hub/hubModel'
import { HUB, type HubName, parseHubName } from '../engine/sources/hub/hubName'
import { openNodeFolder, openNodeTokenizer, readModelFiles } from '../engine/sources/nodeFolder'
import type { Environment } from './environment'
import type { ModelOptions } from './options'

export const BUILT_IN = 'built-in'

/** Holds what finding a model needs to know of the process. */
export type ModelEnvironment = Pick<Environment, 'packageFolder'> & Partial<Pick<Environment, 'env'>>

const manifestSchema = v.object({ id: v.pipe(v.string(), v.regex(/^[\w.-]+$/)) })

/** Returns the folder of the built-in model: with the built page or, in a clone, with its sources. */
function builtInFolder({ packageFolder }: Pick<Environment, 'packageFolder'>): string {
  for (const place of ['dist/models', 'public/models']) {
    const manifest = join(packageFolder, place, 'built-in.json')
    if (!existsSync(manifest)) continue
    const { id } = v.parse(manifestSchema, JSON.parse(readFileSync(manifest, 'utf8')))
    return join(packageFolder, place, id)
  }
  return fail('missing-file', `The built-in model is not in ${packageFolder}.`, {
    advice: 'Install the package again, or name a folder with --model.',
  })
}

/** Parses `--model` as a model of the Hub, if no folder or file has that name. */
function hubNameOf(model: string): HubName | null {
  if (model === BUILT_IN || existsSync(model) || /^[./~]|\\/.test(model)) return null
  // Old models without an owner are left out: a mistyped folder would be looked for on the Hub.
  return model.includes('/') ? parseHubName(model) : null
}

export const isOnHub = (model: string) => hubNameOf(model) !== null

/** Returns the path of a folder, of a weights file in one, or of the built-in model. */
function pathOf(model: string, environment: Pick<Environment, 'packageFolder'>): string {
  if (model === BUILT_IN) return builtInFolder(environment)
  if (existsSync(model)) return model
  return fail('missing-file', `There is no folder or file ${model}.`, {
    advice: 'Name a model folder, a weights file in one, built-in, or a model of the hub, owner/name.',
  })
}

/**
 * Reads the files of a model: from the disk, or from the Hub into memory.
 *
 * @throws FailureError `missing-file`, `damaged-file`, or an error of the Hub
 */
export async function readModel(
  model: string,
  environment: ModelEnvironment,
  { token = environment.env?.HF_TOKEN, tokenizer }: Pick<ModelOptions, 'token' | 'tokenizer'> = {},
): Promise<ModelFiles> {
  const named = hubNameOf(model)
  const base = (environment.env?.HF_ENDPOINT || HUB).replace(/\/+$/, '')
  const builtIn = () => openNodeFolder(builtInFolder(environment))
  const tokenizerFrom = await openNodeTokenizer(tokenizer, { builtIn, hub: { base, token } })
  if (named) {
    try {
      return await fetchHubModel({ kind: 'hub', ...named }, { base, token, builtIn, tokenizerFrom })
    } catch (thrown) {
      // It may well have been meant as a folder.
      const failure = failureOf(thrown)
      throw new FailureError(
        { ...failure, message: `There is no folder ${model} here. On the hub: ${failure.message}` },
        { cause: thrown },
      )
    }
  }
  const path = pathOf(model, environment)
  try {
    return await readModelFiles(path, tokenizerFrom)
  } catch (thrown) {
    // Nothing is open here that could be kept.
    const { kept: _kept, ...failure } = failureOf(thrown)
    throw new FailureError(failure, { cause: thrown })
  }
}

/**
 * Opens a model on a device.
 *
 * @throws FailureError that says why it is refused
 */
export async function openModelFolder(
  options: ModelOptions,
  environment: ModelEnvironment,
): Promise<OpenedModel> {
  return openModelFiles(await readModel(options.model, environment, options), options)
}

/**
 * Opens the result of `readModel`.
 *
 * @throws FailureError that says why it is refused
 */
export async function openModelFiles(
  files: ModelFiles,
  { device, threads }: Pick<ModelOptions, 'device' | 'threads'>,
): Promise<OpenedModel> {
  const runtime = await openNodeDevice(device, threads)
  try {
    return await openModel(runtime, files)
  } catch (thrown) {
    const failure = failureOf(thrown)
    if (failure.kind !== 'internal') throw thrown
    throw new FailureError(
      { kind: 'unsupported-model', message: `${files.id} cannot be opened: ${failure.message}` },
      { cause: thrown },
    )
  }
}

/** Opens a model, calls `use` with it, and always closes it. */
export async function withModel<T>(
  options: ModelOptions,
  environment: ModelEnvironment,
  use: (model: OpenedModel) => Promise<T>,
): Promise<T> {
  const model = await openModelFolder(options, environment)
  try {
    return await use(model)
  } finally {
    await model.release()
  }
}
