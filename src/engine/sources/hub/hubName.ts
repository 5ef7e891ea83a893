import { fail } from '../../../core/failure'
import { BUILT_IN_VOCABULARY, idOfHub } from '../../../core/modelSource'

/** Address of the hub, without a slash at the end. */
export const HUB = 'https://huggingface.co'

export const DEFAULT_REVISION = 'main'

/** Names a model of the hub at a branch, a tag or a commit. */
export interface HubName {
  /** `owner/name`; a few old models have no owner. */
  readonly id: string
  readonly revision: string
  /** Tokenizer of another model, or `built-in`; absent: its own. */
  readonly tokenizer?: string
}

/** Ids that the hub allows (huggingface_hub, utils/_validators.py). */
const ID = /^(?:[\w-][\w.-]{0,95}\/)?[\w-][\w.-]{0,95}$/
const REVISION = /^[\w./-]{1,200}$/

/**
 * Parses what a user types or pastes: `owner/name`, `owner/name@revision`, or the address of the model's page; any of them
 * with the tokenizer to read it with behind a plus, `built-in` or another model.
 *
 * @throws FailureError `invalid-request`
 */
export function parseHubName(text: string, base = HUB): HubName {
  const [, own, other] = /^([^+]*)\+(.*)$/.exec(text.trim()) ?? []
  if (own !== undefined && other !== undefined) {
    const named = other.trim() === BUILT_IN_VOCABULARY ? null : parseHubName(other.replaceAll('+', ' '), base)
    const tokenizer = named === null ? BUILT_IN_VOCABULARY : idOfHub(named)
    return { ...parseHubName(own, base), tokenizer }
  }
  const typed = text.trim()
  const isAddress = typed.startsWith(`${base}/`)
  const path = isAddress ? typed.slice(base.length + 1).replace(/\/?(?:[?#].*)?$/, '') : typed
  const page = /^(.+?)\/(?:tree|blob|resolve)\/([^/]+)/.exec(path)
  const [id, revision = DEFAULT_REVISION] = isAddress && page ? page.slice(1) : path.split(/@(.*)/)
  const name = { id, revision: isAddress ? decodeRevision(revision) : revision }
  if (!ID.test(name.id) || /\.\.|--/.test(name.id) || !REVISION.test(name.revision)) {
    fail('invalid-request', `“${typed.slice(0, 120)}” is no name of a model on the hub.`, {
      advice: 'Write owner/name as the hub does, with @revision behind it for another one than main.',
    })
  }
  return name
}

/** Token of visible ASCII: a header can hold nothing else, and the error about any other would quote it. */
const TOKEN = /^[\x21-\x7e]{1,1000}$/

/**
 * Reads a token as a user types or pastes it; undefined where there is none.
 *
 * @throws FailureError `invalid-request`, which does not repeat it
 */
export function parseHubToken(text: string | undefined): string | undefined {
  const token = text?.trim() ?? ''
  if (token === '') return undefined
  if (TOKEN.test(token)) return token
  return fail('invalid-request', 'What stands as the token is none: it holds spaces or other characters.', {
    advice: 'Copy it again from huggingface.co/settings/tokens; it begins with hf_.',
  })
}

/** Decodes a branch with a slash, which is one part of an address, written `refs%2Fpr%2F1`. */
function decodeRevision(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
