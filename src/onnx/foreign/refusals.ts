import { fail } from '../../core/failure'

const LONGEST_NAME = 80

/** A name out of a stranger's file, for a message: short, and without control characters. */
export const quoted = (name: string) => JSON.stringify(name.slice(0, LONGEST_NAME))

/** The file contradicts itself or the format. */
export function damaged(message: string): never {
  fail('damaged-file', message, { advice: 'Fetch the file again, or export the model anew.' })
}

/** The file may be right, but is not what can be read or measured. */
export function unread(message: string): never {
  fail('unsupported-model', message, {
    advice: 'Open the weights as safetensors instead, where the model has them, or another ONNX file.',
  })
}
