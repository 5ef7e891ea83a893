import * as ort from 'onnxruntime-web/wasm'
import { callOf, connect } from '../../src/core/rpc'
import { inputIdsOf } from '../../src/core/text/token'
import { createWebRuntimes } from '../../src/engine/forward/webRuntime'
import { fetchShippedModel } from '../../src/engine/sources/shippedModel'
import { fetchBuiltInModel } from '../../src/worker/builtInModel'
import { portOf } from '../../src/worker/workerConnection'
import { type OrdinaryExport, openExport } from './ordinaryExport'
import { type Fetched, openRepeatable, type RepeatableModel } from './repeatableForward'

let model: RepeatableModel | null = null
let ordinary: OrdinaryExport | null = null
let inputIds: readonly number[] = []

function ready<T>(value: T | null): T {
  if (value === null) throw new Error('the probe is not open')
  return value
}

/** Runs the same engine and runtime as the page's worker, without a page on top. */
const probe = {
  /** @param exportUrl an ordinary export to open besides; null: none */
  async open(pageUrl: string, threads: number, exportUrl: string | null): Promise<void> {
    const { wasm } = createWebRuntimes(ort, { runtimeUrl: new URL('runtime/', pageUrl).href, threads })
    const files = await fetchShippedModel(await fetchBuiltInModel(pageUrl), () => undefined)
    model = await openRepeatable(wasm, files)
    if (exportUrl === null) return
    const bytes = new Uint8Array(await (await fetch(exportUrl)).arrayBuffer())
    ordinary = await openExport(ort, bytes, { executionProviders: ['wasm'] })
  },
  async prepare(text: string): Promise<number> {
    inputIds = inputIdsOf(ready(model).tokenize(text))
    return ready(model).prepare(text)
  },
  forward: (fetched: Fetched) => ready(model).forward(fetched),
  neighbors: () => ready(model).neighbors(),
  exportForward: () => ready(ordinary).forward(inputIds),
}

export type Probe = typeof probe

connect(portOf(globalThis), { serve: callOf(probe) })
