import * as v from 'valibot'
import { fail } from '../failure'
import type { CorpusOrigin } from './run'
import { runLinkSchema } from './runLinkSchema'
import type { RunSettings } from './runSettings'
import { compactRun, expandRun } from './sessionRun'

export { DEFAULT_SETTINGS } from './runLinkSchema'

export interface RunLink {
  readonly settings: RunSettings
  /** Null if the link does not name it. */
  readonly origin: CorpusOrigin | null
}

/**
 * Encodes settings and origin of a run in few characters, as plain JSON for a link: `[settings, origin]`, the settings
 * as `compactRun` writes them (perturbations in the order of their codes), the origin as its four fields.
 */
export function encodeRunSettings(settings: RunSettings, origin: CorpusOrigin | null = null): unknown[] {
  const compact = compactRun({ settings, source: null })
  return origin ? [compact, [origin.name, origin.kind, origin.column, origin.sha256]] : [compact]
}

const originFields = v.tuple([v.unknown(), v.unknown(), v.unknown(), v.unknown()])

function expandOrigin(value: unknown): unknown {
  if (value === undefined) return null
  const fields = v.safeParse(originFields, value)
  if (!fields.success) return value
  const [name, kind, column, sha256] = fields.output
  return { name, kind, column, sha256 }
}

/**
 * Checks and decodes the result of `encodeRunSettings`.
 *
 * @throws FailureError `invalid-link`
 */
export function decodeRunSettings(value: unknown): RunLink {
  const [compact, origin, ...rest]: unknown[] = Array.isArray(value) ? value : []
  const run = expandRun(compact)
  const settings = typeof run === 'object' && run !== null && 'settings' in run ? run.settings : null
  const checked = v.safeParse(runLinkSchema, { settings, origin: expandOrigin(origin) }, { abortEarly: true })
  if (rest.length > 0 || !checked.success) {
    return fail('invalid-link', 'The link holds settings that a run cannot have.', {
      kept: 'The page opened without them.',
      advice: 'Ask for the link again.',
    })
  }
  return checked.output
}
