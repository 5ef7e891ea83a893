import { parseModelConfig } from '../weights/modelConfig'

/** Whether weights of this config.json are read as they are, without an ONNX file. */
export function isFamilyRead(config: unknown): boolean {
  try {
    parseModelConfig(config)
    return true
  } catch {
    return false
  }
}
