import { type EncoderGraph, hiddenStatesName, referenceName } from '../encoderGraph'
import { TensorProto_DataType } from '../schema/onnx_pb'
import type { ForeignGraph } from './foreignGraph'
import { ProbeWriter } from './probeWriter'

/** The file's own last hidden states where it gives any, to compare with; [b, n, d]. */
export const ownLastStatesName = 'file.last_hidden_state'

/**
 * Writes the file's graph with the measures built in: inputs and outputs as those of writeEncoderGraph. Its weights
 * stay in the file; its inputs other than ids are computed inside. A language model counts as masked until running it
 * has shown that it is causal.
 *
 * @param labels of a classifier, by id, as config.json names them
 */
export function writeProbeGraph(foreign: ForeignGraph, labels: readonly string[] = []): EncoderGraph {
  const { stream, width, vocabularySize, head, layers } = foreign
  const writer = new ProbeWriter(foreign)
  const inputIds = writer.input('input_ids', 'int64', ['batch', 'sequence'])
  const shape = ['batch', 'sequence', width]
  writer.feed(inputIds)
  const states = stream.hiddenStates.map((value, layer) => {
    const reference = writer.input(referenceName(layer), 'float', [1, 'sequence', width])
    const name = writer.after('Identity', [writer.fromFile(value)], hiddenStatesName(layer))
    writer.output(name, 'float', shape)
    return { name, difference: writer.after('Sub', [name, reference], `difference.${layer}`) }
  })
  const stacked = (name: string, values: readonly string[]) => {
    const norms = values.map((value, layer) => writer.normsByPosition(value, `${name}.${layer}`))
    writer.output(writer.after('Concat', norms, name, { axis: 1 }), 'float', [
      'batch',
      layers + 1,
      'sequence',
    ])
  }
  stacked(
    'distances',
    states.map(({ difference }) => difference),
  )
  stacked(
    'norms',
    states.map(({ name }) => name),
  )
  if (head.kind === 'classification') {
    writer.after('Cast', [writer.fromFile(head.output)], 'logits', { to: TensorProto_DataType.FLOAT })
    writer.output('logits', 'float', ['batch', head.labels])
  }
  if (head.kind === 'tokens') {
    writeTokenLogits(writer, head, stream.hiddenStates[layers])
    writer.output('token_logits', 'float', ['batch', 'logit_positions', vocabularySize])
  }
  const own = ownLastStatesOf(foreign)
  if (own !== undefined) {
    writer.after('Cast', [writer.fromFile(own)], ownLastStatesName, { to: TensorProto_DataType.FLOAT })
    writer.output(ownLastStatesName, 'float', shape)
  }
  const labelCount = head.kind === 'classification' ? head.labels : 0
  return {
    bytes: writer.build(),
    states: layers + 1,
    labels: Array.from({ length: labelCount }, (_, label) => labels[label] ?? `LABEL_${label}`),
    head: head.kind === 'tokens' ? 'masked-lm' : head.kind,
    hasLogits: head.kind === 'classification',
    hasTokenLogits: head.kind === 'tokens',
  }
}

/** Scores at the positions wanted: only these are computed where the head scores each position by itself. */
function writeTokenLogits(
  writer: ProbeWriter,
  { output, byPosition }: Extract<ForeignGraph['head'], { kind: 'tokens' }>,
  last: string,
): void {
  const positions = writer.input('logit_positions', 'int64', ['logit_positions'])
  const logits = writer.fromFile(output)
  const pick = (value: string, name: string) => writer.after('Gather', [value, positions], name, { axis: 1 })
  if (byPosition) writer.detour(byPosition, last, pick(writer.fromFile(last), 'wanted_states'))
  const wanted = byPosition ? logits : pick(logits, 'wanted_logits')
  writer.after('Cast', [wanted], 'token_logits', { to: TensorProto_DataType.FLOAT })
}

/**
 * Returns an output of the file with the shape of hidden states, by its name or its declared width; undefined without
 * one.
 */
export function ownLastStatesOf({ index, width, head }: ForeignGraph): string | undefined {
  const answer = head.kind === 'none' ? '' : head.output
  const candidates = index.outputs.filter(({ name, type }) => {
    const dims = type?.value.case === 'tensorType' ? (type.value.value.shape?.dim ?? []) : []
    const size = dims[2]?.value
    return name !== answer && dims.length === 3 && size?.case === 'dimValue' && Number(size.value) === width
  })
  // Exporters that give the states of all layers give them in order.
  return (candidates.find(({ name }) => name === 'last_hidden_state') ?? candidates.at(-1))?.name
}
