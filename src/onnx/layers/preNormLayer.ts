import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'

interface PreNormParts {
  /** Norm and attention of what goes in. */
  attend(states: Value): Value
  /** Norm and feed-forward part of what goes in. */
  feed(states: Value): Value
  /** Behind the last layer; absent behind the others. */
  readonly finalNorm?: (states: Value, name: string) => Value
}

/** A layer with its norms before attention and feed-forward: x + attend(x), then x + feed(x). float [b, n, d] */
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
