import * as v from 'valibot'
import type { Session } from '../../core/session/session'
import { checkSession } from '../../core/session/sessionSchema'
import type { AppState } from '../appState'
import { MAX_STEPS } from './history'

const FORMAT = 'ripplescope-tab'
const VERSION = 1

/** Holds the data that a tab saves: through a reload, a crash, and being closed and reopened. */
export interface KeptTab {
  readonly session: Session
  readonly history: Pick<AppState['history'], 'past' | 'future'>
  /** Fragment of the session's address; empty if it has none. */
  readonly fragment: string
  /** True if anything was done in this tab; else its session is that of a link, or of another tab. */
  readonly own: boolean
}

/** Schema of the record; sessions are checked one by one, with their texts restored. */
const recordSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  texts: v.array(v.string()),
  session: v.unknown(),
  past: v.pipe(v.array(v.unknown()), v.maxLength(MAX_STEPS)),
  future: v.pipe(v.array(v.unknown()), v.maxLength(MAX_STEPS)),
  fragment: v.string(),
  own: v.boolean(),
})

/** Writes a tab as text, which holds each review once, however many steps and pins share it. */
export function formatKeptTab({ session, history, fragment, own }: KeptTab): string {
  const indices = new Map<string, number>()
  const { past, future } = history
  const sessions = JSON.stringify({ session, past, future }, (key, value) => {
    if (key !== 'text' || typeof value !== 'string') return value
    const index = indices.get(value) ?? indices.size
    indices.set(value, index)
    return index
  })
  const rest = { format: FORMAT, version: VERSION, fragment, own, texts: [...indices.keys()] }
  return `${JSON.stringify(rest).slice(0, -1)},${sessions.slice(1)}`
}

function parseRecord(json: string, texts: readonly string[] | null) {
  try {
    const value: unknown = JSON.parse(json, (key, value) =>
      texts && key === 'text' && typeof value === 'number' ? texts[value] : value,
    )
    const checked = v.safeParse(recordSchema, value)
    return checked.success ? checked.output : null
  } catch {
    return null
  }
}

/** Reads a tab; null if the text is damaged or of another version. Never throws. */
export function parseKeptTab(json: string): KeptTab | null {
  const texts = parseRecord(json, null)?.texts
  const record = texts && parseRecord(json, texts)
  if (!record) return null
  const sessions: Session[] = []
  for (const value of [record.session, ...record.past, ...record.future]) {
    const checked = checkSession(value, 'storage', (issue) => ({ message: issue }))
    if (!checked.ok) return null
    sessions.push(checked.session)
  }
  const [session, ...steps] = sessions
  const past = steps.slice(0, record.past.length)
  const { fragment, own } = record
  return { session, history: { past, future: steps.slice(past.length) }, fragment, own }
}
