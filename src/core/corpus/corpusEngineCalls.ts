import type { CorpusEngine } from './corpusEngine'

const METHODS: Readonly<Record<keyof CorpusEngine, true>> = {
  info: true,
  vocabulary: true,
  specialIds: true,
  framingIds: true,
  maskId: true,
  encodeTexts: true,
  substitutes: true,
  shifts: true,
  measureVariants: true,
  ranks: true,
}

/** A CorpusEngine whose every call goes one way: over a worker's boundary, or through a queue. */
export function corpusEngineOver(
  call: (method: keyof CorpusEngine, args: readonly unknown[]) => Promise<unknown>,
): CorpusEngine {
  const methods = Object.keys(METHODS) as (keyof CorpusEngine)[]
  const engine = Object.fromEntries(
    methods.map((method) => [method, (...args: readonly unknown[]) => call(method, args)]),
  )
  return engine as unknown as CorpusEngine
}

/** The other side: one call on an engine, by its name. */
export function callCorpusEngine(
  engine: CorpusEngine,
  method: keyof CorpusEngine,
  args: readonly unknown[],
): Promise<unknown> {
  const call = engine[method] as (...values: readonly unknown[]) => Promise<unknown>
  return call(...args)
}
