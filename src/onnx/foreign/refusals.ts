import { fail } from '../../core/failure'

const LONGEST_NAME = 80

/** Quotes a name from a stranger's file in a message: short, and without control characters. */
export const quoted = (name: string) => JSON.stringify(name.slice(0, LONGEST_NAME))

/** Refuses a file that contradicts itself or the format. */
export function damaged(message: string): never {
  fail('damaged-file', message, { advice: 'Fetch the file again, or export the model anew.' })
}

/** Refuses a file that may be right, but cannot be read or measured. */
export function unread(message: string): never {
  fail('unsupported-model', message, {
    advice: 'Open the weights as safetensors instead, where the model has them, or another ONNX file.',
  })
}
