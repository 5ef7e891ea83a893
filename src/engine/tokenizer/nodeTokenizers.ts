import { readFile } from 'node:fs/promises'

let compiled: Promise<WebAssembly.Module> | null = null

/** Compiles tokenizers.wasm, which lies beside this module or beside what it was built into; once a process. */
export function nodeTokenizers(): Promise<WebAssembly.Module> {
  compiled ??= readFile(new URL('./tokenizers.wasm', import.meta.url)).then((bytes) =>
    WebAssembly.compile(bytes),
  )
  return compiled
}
