import * as v from 'valibot'
import { sessionRunSchema } from '../corpus/sessionRun'
import { type Failure, type FailureKind, failureOf } from '../failure'
import { NORMS } from '../measures/norm'
import {
  CURVES,
  MAX_LABEL_NAMES,
  MAX_PINS,
  MAX_SUBSTITUTIONS,
  ORDER_COLUMNS,
  ORDER_DIRECTIONS,
  PIN_COLORS,
  RIPPLE_READINGS,
  type Session,
  TINTS,
  VIEWS,
} from './session'

/** Holds a session read from outside, or the failure. */
export type SessionResult =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly failure: Failure }

/** Longest text of a session, UTF-16 units. */
export const MAX_TEXT_CHARACTERS = 8_000_000
/** Largest token id or position: no tokenizer gives more. */
const MAX_INDEX = 0xffffff
/** Longest model id: an address is an id too. */
const MAX_MODEL_ID = 2000

const index = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_INDEX))
const text = v.pipe(v.string(), v.maxLength(MAX_TEXT_CHARACTERS))
const model = v.strictObject({
  id: v.pipe(v.string(), v.maxLength(MAX_MODEL_ID)),
  sha256: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{64})?$/)),
})
const substitution = v.strictObject({ position: index, tokenId: index })
const substitutions = v.pipe(
  v.array(substitution),
  v.maxLength(MAX_SUBSTITUTIONS),
  v.check(
    (list) => new Set(list.map(({ position }) => position)).size === list.length,
    'a position stands twice',
  ),
)

const order = <const Columns extends readonly string[]>(columns: Columns) =>
  v.nullable(v.strictObject({ column: v.picklist(columns), direction: v.picklist(ORDER_DIRECTIONS) }))
const labelNames = v.pipe(
  v.array(
    v.strictObject({
      model: model.entries.id,
      names: v.pipe(
        v.array(v.pipe(v.string(), v.maxLength(MAX_LABEL_NAMES.characters))),
        v.maxLength(MAX_LABEL_NAMES.labels),
      ),
    }),
  ),
  v.maxLength(MAX_LABEL_NAMES.models),
  v.check((list) => new Set(list.map((one) => one.model)).size === list.length, 'a model stands twice'),
)

/** Gives the fields of earlier versions their present names: version 1 of session files names the comparison `beside`. */
function renameFields({ beside, ...session }: Record<string, unknown>): Record<string, unknown> {
  if (beside === undefined) return session
  return 'comparison' in session ? { ...session, beside } : { ...session, comparison: beside }
}

/** Checks every field of a session: nothing else is accepted from a link, a file or storage. */
export const sessionSchema = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform(renameFields),
  v.strictObject({
    text,
    model,
    view: v.picklist(VIEWS),
    norm: v.picklist(NORMS),
    // Sessions of versions without a choice are tinted by shift, as they were.
    tint: v.optional(v.picklist(TINTS), 'shift'),
    // Sessions of versions without a choice show distances.
    ripple: v.optional(v.picklist(RIPPLE_READINGS), 'distance'),
    curve: v.optional(v.nullable(v.picklist(CURVES)), null),
    // Sessions of versions without these have tables in their own order, and labels as the model names them.
    orders: v.optional(
      v.strictObject({
        substitutes: order(ORDER_COLUMNS.substitutes),
        tokens: order(ORDER_COLUMNS.tokens),
      }),
      { substitutes: null, tokens: null },
    ),
    labelNames: v.optional(labelNames, []),
    filters: v.strictObject({
      special: v.boolean(),
      unused: v.boolean(),
      otherKind: v.boolean(),
      variants: v.boolean(),
    }),
    held: substitutions,
    position: v.nullable(index),
    tokenId: v.nullable(index),
    pins: v.pipe(
      v.array(
        v.strictObject({
          text,
          substitutions: v.pipe(substitutions, v.minLength(1)),
          color: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(PIN_COLORS - 1)),
        }),
      ),
      v.maxLength(MAX_PINS),
    ),
    // Sessions of versions without runs have none.
    run: v.optional(v.nullable(sessionRunSchema), null),
    // Sessions of versions without comparisons have no second side.
    comparison: v.optional(
      v.nullable(
        v.strictObject({ model: v.nullable(model), text: v.nullable(text), ownNearest: v.boolean() }),
      ),
      null,
    ),
  }),
  v.check(
    ({ position, tokenId }) => position !== null || tokenId === null,
    'a substitute without a position',
  ),
  v.check(
    ({ position, held }) => !held.some((substitution) => substitution.position === position),
    'the chosen token is held too',
  ),
)

/** Returns the path and the message of the first issue. */
function describeIssue(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const [issue] = issues
  const path = v.getDotPath(issue)
  return path ? `${path}: ${issue.message}` : issue.message
}

/** @param explain the sentences of the failure, given what is wrong */
export function checkSession(
  value: unknown,
  kind: FailureKind,
  explain: (issue: string) => Omit<Failure, 'kind'>,
): SessionResult {
  const checked = v.safeParse(sessionSchema, value, { abortEarly: true })
  if (checked.success) return { ok: true, session: checked.output }
  return { ok: false, failure: { kind, ...explain(describeIssue(checked.issues)) } }
}

/** Runs a reader that throws; whatever it throws becomes a failed result. */
export function readSession(read: () => SessionResult): SessionResult {
  try {
    return read()
  } catch (thrown) {
    return { ok: false, failure: failureOf(thrown) }
  }
}
