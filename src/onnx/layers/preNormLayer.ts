import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'

interface PreNormParts {
  /** Writes the norm and attention of an input. */
  attend(states: Value): Value
  /** Writes the norm and feed-forward part of an input. */
  feed(states: Value): Value
  /** Writes the norm after the last layer; absent in the others. */
  readonly finalNorm?: (states: Value, name: string) => Value
}

/** Writes a layer with its norms before attention and feed-forward: x + attend(x), then x + feed(x). float [b, n, d] */
export function preNormLayer(
  { builder }: GraphScope,
  { attend, feed, finalNorm }: PreNormParts,
  hiddenStates: Value,
  name: string,
): Value {
  const attended = builder.node('Add', [hiddenStates, attend(hiddenStates)])
  const sum = [attended, feed(attended)]
  return finalNorm ? finalNorm(builder.node('Add', sum), name) : builder.node('Add', sum, { name })
}
