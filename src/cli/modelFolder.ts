import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as v from 'valibot'
import { FailureError, fail, failureOf } from '../core/failure'
import { HUB, type HubName, parseHubName } from '../engine/hubName'
import type { ModelFiles } from '../engine/modelFiles'
import { openNodeDevice } from '../engine/nodeDevices'
import { type OpenedModel, openModel } from '../engine/openedModel'
import { fetchHubSource } from '../engine/openSourceHub'
import { readModelFiles } from '../engine/readModelFiles'
import type { Environment } from './environment'
import type { ModelOptions } from './options'

export const BUILT_IN = 'built-in'

const WEIGHTS = 'model.safetensors'
/** What finding a model needs to know of the process. */
export type ModelEnvironment = Pick<Environment, 'packageFolder'> & Partial<Pick<Environment, 'env'>>

const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json'] as const

const manifestSchema = v.object({ id: v.pipe(v.string(), v.regex(/^[\w.-]+$/)) })

/** The built-in model lies with the built page, or, in a clone, with what it is built from. */
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

/** What the user names with `--model`, where no folder or file has that name: a model of the hub. */
function hubNameOf(model: string): HubName | null {
  if (model === BUILT_IN || existsSync(model) || /^[./~]|\\/.test(model)) return null
  // Old models without an owner are left out: a mistyped folder would be looked for on the hub.
  return model.includes('/') ? parseHubName(model) : null
}

export const isOnHub = (model: string) => hubNameOf(model) !== null

/** A folder, a weights file in it, or the name of the built-in model. */
function placeOf(
  model: string,
  environment: Pick<Environment, 'packageFolder'>,
): { folder: string; weights: string } {
  if (model === BUILT_IN) return { folder: builtInFolder(environment), weights: WEIGHTS }
  const stats = statSync(model, { throwIfNoEntry: false })
  if (!stats) {
    return fail('missing-file', `There is no folder or file ${model}.`, {
      advice:
        'Name a folder with config.json, tokenizer.json and model.safetensors, built-in, or a model of the hub, owner/name.',
    })
  }
  return stats.isDirectory()
    ? { folder: model, weights: WEIGHTS }
    : { folder: dirname(model), weights: basename(model) }
}

/**
 * Reads the files of a model: from the disk, or from the hub into memory.
 *
 * @throws FailureError `missing-file`, `damaged-file`, or of the hub
 */
export async function readModel(model: string, environment: ModelEnvironment): Promise<ModelFiles> {
  const named = hubNameOf(model)
  if (named) {
    const base = (environment.env?.HF_ENDPOINT || HUB).replace(/\/+$/, '')
    try {
      return await fetchHubSource({ kind: 'hub', ...named }, { base })
    } catch (thrown) {
      // It may well have been meant as a folder.
      const failure = failureOf(thrown)
      throw new FailureError(
        { ...failure, message: `There is no folder ${model} here. On the hub: ${failure.message}` },
        { cause: thrown },
      )
    }
  }
  const { folder, weights } = placeOf(model, environment)
  const missing = [...FILES, weights].filter((name) => !existsSync(join(folder, name)))
  if (missing.length > 0) {
    fail('missing-file', `${folder} has no ${missing.join(', no ')}.`, {
      advice:
        'A model folder holds config.json, tokenizer.json, tokenizer_config.json and model.safetensors.',
    })
  }
  try {
    return await readModelFiles(folder, weights)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return fail('damaged-file', `A file in ${folder} is not JSON: ${thrown.message}.`)
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
  return openModelFiles(await readModel(options.model, environment), options)
}

/**
 * Opens what `readModel` gave.
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

/** Opens a model, does something with it, and closes it whatever comes. */
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
