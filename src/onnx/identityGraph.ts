import { GraphBuilder } from './builder/graphBuilder'

/** Writes the smallest graph possible; opening it starts a runtime. */
export function writeIdentityGraph(): Uint8Array {
  const builder = new GraphBuilder()
  const input = builder.input('input', 'float', [1])
  builder.output(builder.node('Identity', [input], { name: 'output' }), 'float', [1])
  return builder.build()
}
