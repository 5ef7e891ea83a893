import { fail } from '../../core/failure'

let compiled: Promise<WebAssembly.Module> | null = null

async function compile(): Promise<WebAssembly.Module> {
  const url = new URL('./tokenizers.wasm?no-inline', import.meta.url)
  const response = await fetch(url).catch(() => null)
  if (!response?.ok) {
    return fail('network', 'tokenizers.wasm could not be fetched.', {
      kept: 'Your text and pins are kept.',
      advice: 'Check the connection and try again.',
    })
  }
  return WebAssembly.compile(await response.arrayBuffer())
}

/** Fetches and compiles tokenizers.wasm; once a worker or page, but again after a failure. */
export function webTokenizers(): Promise<WebAssembly.Module> {
  compiled ??= compile().catch((thrown: unknown) => {
    compiled = null
    throw thrown
  })
  return compiled
}
