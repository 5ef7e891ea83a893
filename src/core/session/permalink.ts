import * as v from 'valibot'
import { compactRun, expandRun } from '../corpus/sessionRun'
import { fail } from '../failure'
import { type NeighborFilters, NO_FILTERS } from '../measures/neighbor'
import { NORMS } from '../measures/norm'
import type { Substitution } from '../measures/substitution'
import { compress, decompress, fromBase64Url, toBase64Url } from './permalinkBytes'
import {
  CURVES,
  EMPTY_SESSION,
  ORDER_COLUMNS,
  ORDER_DIRECTIONS,
  type OrderedTable,
  RIPPLE_READINGS,
  type Session,
  type TableOrder,
  TINTS,
  VIEWS,
} from './session'
import { checkSession, readSession, type SessionResult } from './sessionSchema'

/** Longest link: longer ones do not survive every mail client, so the session is offered as a file instead. */
export const MAX_LINK_CHARACTERS = 8000
/** Longest link that is read: a little more generous than what is written. */
const MAX_READ_CHARACTERS = 64_000
const MAX_INFLATED_BYTES = 2_000_000

const VERSION = 1
const PREFIX = `v${VERSION}.`
const FILTERS = Object.keys(NO_FILTERS) as (keyof NeighborFilters)[]

/**
 * Number of fields of version 1: `[texts, modelId, sha256, position, tokenId, norm, held, pins, filters, view, run,
 * comparison, tint, ripple, curve, orders, labelNames]`, defaults at the end left out. `texts[0]` is the session's; pins and the second side name theirs by index.
 * Substitutions are flat: position, tokenId, ... `comparison` is `[modelId, sha256, text, ownNearest]`, where a model or
 * text that is the session's own is null. `orders` has 0 for a table in its own order, else 1 + 2 column + direction;
 * `labelNames` are `[modelId, names]`, the session's model being null.
 */
const FIELDS = 17
const number = v.number()
const compactSchema = v.pipe(
  v.array(v.unknown()),
  v.maxLength(FIELDS),
  v.transform((values) => Array.from({ length: FIELDS }, (_, i) => values[i])),
  v.tuple([
    v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(64)),
    v.optional(v.string(), ''),
    v.optional(v.string(), ''),
    v.optional(v.nullable(number), null),
    v.optional(v.nullable(number), null),
    v.optional(v.pipe(number, v.integer(), v.minValue(0), v.maxValue(NORMS.length - 1)), NORMS.indexOf('l2')),
    v.optional(v.array(number), []),
    v.optional(v.array(v.tuple([number, number, v.array(number)])), []),
    v.optional(v.pipe(number, v.integer(), v.minValue(0), v.maxValue(2 ** FILTERS.length - 1)), 0),
    v.optional(v.pipe(number, v.integer(), v.minValue(0), v.maxValue(VIEWS.length - 1)), 0),
    v.optional(v.unknown(), null),
    v.optional(
      v.nullable(
        v.tuple([v.nullable(v.string()), v.nullable(v.string()), v.nullable(number), v.picklist([0, 1])]),
      ),
      null,
    ),
    v.optional(v.pipe(number, v.integer(), v.minValue(0), v.maxValue(TINTS.length - 1)), 0),
    v.optional(v.pipe(number, v.integer(), v.minValue(0), v.maxValue(RIPPLE_READINGS.length - 1)), 0),
    v.optional(v.nullable(v.pipe(number, v.integer(), v.minValue(0), v.maxValue(CURVES.length - 1))), null),
    v.optional(v.tuple([number, number]), [0, 0]),
    v.optional(v.array(v.tuple([v.nullable(v.string()), v.array(v.string())])), []),
  ]),
)

const flatten = (substitutions: readonly Substitution[]) =>
  substitutions.flatMap(({ position, tokenId }) => [position, tokenId])

/** Pairs the values; an odd one at the end has no token id, which the session's schema refuses. */
const unflatten = (flat: readonly number[]) =>
  Array.from({ length: Math.ceil(flat.length / 2) }, (_, i) => ({
    position: flat[2 * i],
    tokenId: flat[2 * i + 1],
  }))

const ORDERED_TABLES: readonly OrderedTable[] = ['substitutes', 'tokens']

const orderCode = (table: OrderedTable, order: TableOrder) =>
  order === null
    ? 0
    : 1 +
      2 * (ORDER_COLUMNS[table] as readonly string[]).indexOf(order.column) +
      ORDER_DIRECTIONS.indexOf(order.direction)

/** Returns the order of a code; of one that is none, what the session's schema refuses. */
const orderOf = (table: OrderedTable, code: number) =>
  code === 0
    ? null
    : {
        column: ORDER_COLUMNS[table][Math.floor((code - 1) / 2)],
        direction: ORDER_DIRECTIONS[(code - 1) % 2],
      }

function compact({
  text,
  model,
  view,
  norm,
  filters,
  held,
  position,
  tokenId,
  pins,
  run,
  comparison,
  tint,
  ripple,
  curve,
  orders,
  labelNames,
}: Session): unknown[] {
  const texts = [
    ...new Set([
      text,
      ...pins.map((pin) => pin.text),
      ...(comparison?.text == null ? [] : [comparison.text]),
    ]),
  ]
  const values = [
    texts,
    model.id,
    model.sha256,
    position,
    tokenId,
    NORMS.indexOf(norm),
    flatten(held),
    pins.map((pin) => [texts.indexOf(pin.text), pin.color, flatten(pin.substitutions)]),
    FILTERS.reduce((bits, key, i) => bits | (filters[key] ? 1 << i : 0), 0),
    VIEWS.indexOf(view),
    run && compactRun(run),
    comparison && [
      comparison.model?.id ?? null,
      comparison.model?.sha256 ?? null,
      comparison.text === null ? null : texts.indexOf(comparison.text),
      comparison.ownNearest ? 1 : 0,
    ],
    TINTS.indexOf(tint),
    RIPPLE_READINGS.indexOf(ripple),
    curve && CURVES.indexOf(curve),
    ORDERED_TABLES.map((table) => orderCode(table, orders[table])),
    labelNames.map(({ model: of, names }) => [of === model.id ? null : of, names]),
  ]
  const defaults = [
    null,
    '',
    '',
    null,
    null,
    NORMS.indexOf(EMPTY_SESSION.norm),
    [],
    [],
    0,
    0,
    null,
    null,
    0,
    0,
    null,
    [0, 0],
    [],
  ]
  const isDefault = (i: number) => JSON.stringify(values[i]) === JSON.stringify(defaults[i])
  while (values.length > 1 && isDefault(values.length - 1)) values.pop()
  return values
}

function expandComparison(
  [id, sha256, text, ownNearest]: readonly [string | null, string | null, number | null, 0 | 1],
  texts: readonly string[],
): unknown {
  return {
    model: id === null && sha256 === null ? null : { id, sha256 },
    text: text === null ? null : texts[text],
    ownNearest: ownNearest === 1,
  }
}

function expand(values: unknown): unknown {
  const compacted = v.safeParse(compactSchema, values, { abortEarly: true })
  if (!compacted.success) return null
  const [
    texts,
    id,
    sha256,
    position,
    tokenId,
    norm,
    held,
    pins,
    filters,
    view,
    run,
    comparison,
    tint,
    ripple,
    curve,
    orders,
    labelNames,
  ] = compacted.output
  return {
    text: texts[0],
    model: { id, sha256 },
    view: VIEWS[view],
    norm: NORMS[norm],
    filters: Object.fromEntries(FILTERS.map((key, i) => [key, (filters & (1 << i)) !== 0])),
    held: unflatten(held),
    position,
    tokenId,
    pins: pins.map(([index, color, substitutions]) => ({
      text: texts[index],
      color,
      substitutions: unflatten(substitutions),
    })),
    run: run === null ? null : (expandRun(run) ?? 'damaged'),
    comparison: comparison && expandComparison(comparison, texts),
    tint: TINTS[tint],
    ripple: RIPPLE_READINGS[ripple],
    curve: curve === null ? null : CURVES[curve],
    orders: Object.fromEntries(ORDERED_TABLES.map((table, i) => [table, orderOf(table, orders[i])])),
    labelNames: labelNames.map(([of, names]) => ({ model: of ?? id, names })),
  }
}

/** Encodes the session as a URL fragment: `#v1.` and base64url of deflate (with its checksum) of a JSON array. */
export function encodePermalink(session: Session): string {
  return `#${PREFIX}${toBase64Url(compress(JSON.stringify(compact(session))))}`
}

/**
 * Matches the option `embed` that may follow a session, as `&name=value`: such options say how the session is shown,
 * never its content.
 */
const EMBED = /(?:^#?|&)embed(?:=|&|$)/

/** Says whether a fragment asks for single panels, for a frame in another page (docs/embedding.md). */
export function isEmbedLink(fragment: string): boolean {
  return EMBED.test(fragment.slice(0, MAX_READ_CHARACTERS))
}

/**
 * Reads a fragment, with or without its `#`; what follows the first `&` is not the session's. Never throws; does no more
 * work than its limits allow.
 */
export function decodePermalink(fragment: string): SessionResult {
  return readSession(() => {
    const [body] = (fragment.startsWith('#') ? fragment.slice(1) : fragment).split('&', 1)
    const kept = 'The page opened without it.'
    if (body.length > MAX_READ_CHARACTERS) {
      fail(
        'invalid-link',
        `The link is longer than ${MAX_READ_CHARACTERS.toLocaleString('en')} characters.`,
        {
          kept,
          advice: 'Ask for the session as a file.',
        },
      )
    }
    const version = /^v(\d{1,6})\./.exec(body)?.[1]
    if (version === undefined) {
      fail('invalid-link', 'The link does not hold a session of Ripplescope.', { kept })
    }
    if (Number(version) > VERSION) {
      fail('invalid-link', 'The link was made by a newer version of Ripplescope.', {
        kept,
        advice: 'Reload the page to get the newest version, then open the link again.',
      })
    }
    if (!body.startsWith(PREFIX))
      fail('invalid-link', `The link has an unknown version: ${version}.`, { kept })
    const json = decompress(fromBase64Url(body.slice(PREFIX.length)), MAX_INFLATED_BYTES)
    return checkSession(expand(parseJson(json)), 'invalid-link', (issue) => ({
      message: 'The link holds values that a session cannot have.',
      kept,
      advice: `Ask for the link again. (${issue})`,
    }))
  })
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
