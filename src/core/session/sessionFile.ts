import * as v from 'valibot'
import { fail } from '../failure'
import type { Session } from './session'
import { checkSession, MAX_TEXT_CHARACTERS, readSession, type SessionResult } from './sessionSchema'

const FORMAT = 'ripplescope-session'
const VERSION = 2
/** Longest file: JSON escapes may take six characters for one. */
const MAX_FILE_CHARACTERS = 2 * MAX_TEXT_CHARACTERS

const headerSchema = v.looseObject({ format: v.literal(FORMAT), version: v.pipe(v.number(), v.integer()) })

/** Writes the session as a readable `.json` file. */
export function formatSessionFile(session: Session): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, ...session }, null, 2)}\n`
}

/** Says whether a JSON text claims to be a session file: what a user drops on the page may be a review or a session. */
export function looksLikeSessionFile(json: string): boolean {
  return json.slice(0, 200).includes(`"${FORMAT}"`)
}

/** Says whether a session file was written by a newer version of Ripplescope, which alone can read it. */
export function isOfNewerVersion(json: string): boolean {
  const version = /^\s*\{\s*"format":\s*"ripplescope-session",\s*"version":\s*(\d+)\b/.exec(
    json.slice(0, 200),
  )
  return Number(version?.[1] ?? 0) > VERSION
}

/** Reads a session file. Never throws. */
export function parseSessionFile(json: string): SessionResult {
  return readSession(() => {
    const kept = 'Your present session was kept.'
    if (json.length > MAX_FILE_CHARACTERS) {
      fail('damaged-file', 'The file is larger than a session can be.', { kept })
    }
    const parsed = parseJson(json)
    if (parsed === undefined) {
      fail('damaged-file', 'The file is not JSON: a part of it is missing or was changed.', {
        kept,
        advice: 'Ask for the file again.',
      })
    }
    const header = v.safeParse(headerSchema, parsed)
    if (!header.success) {
      fail('damaged-file', 'The file is not a session of Ripplescope.', {
        kept,
        advice: `A session file begins with "format": "${FORMAT}".`,
      })
    }
    const { format: _format, version, ...session } = header.output
    if (version > VERSION) {
      fail('damaged-file', 'The file was made by a newer version of Ripplescope.', {
        kept,
        advice: 'Reload the page to get the newest version, then open the file again.',
      })
    }
    return checkSession(session, 'damaged-file', (issue) => ({
      message: 'The file holds values that a session cannot have.',
      kept,
      advice: `What is wrong: ${issue}`,
    }))
  })
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
