import { readFile } from 'node:fs/promises'

let compiled: Promise<WebAssembly.Module> | null = null

/** Compiles tokenizers.wasm, which is in the folder of this module or of the module built from it; once a process. */
export function nodeTokenizers(): Promise<WebAssembly.Module> {
  compiled ??= readFile(new URL('./tokenizers.wasm', import.meta.url)).then((bytes) =>
    WebAssembly.compile(bytes),
  )
  return compiled
}
