import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'

interface PreNormParts {
  /** Writes the norm and attention of an input. */
  attend(states: Value): Value
  /** Writes the norm and feed-forward part of an input. */
  feed(states: Value): Value
}

/** Writes a layer with its norms before attention and feed-forward: x + attend(x), then x + feed(x). float [b, n, d] */
export function preNormLayer(
  { builder }: GraphScope,
  { attend, feed }: PreNormParts,
  hiddenStates: Value,
  name: string,
): Value {
  const attended = builder.node('Add', [hiddenStates, attend(hiddenStates)])
  return builder.node('Add', [attended, feed(attended)], { name })
}
