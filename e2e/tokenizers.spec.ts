import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'
import { oddTexts, sourceOf, tokenizerCases } from '../src/engine/tokenizer/tokenizerFixture'
import { expect, openApp, test } from './support/page'
import type { CutAnswer, CutRequest } from './support/tokenizerWorker'

const SCRIPT = 'assets/tokenizer-worker-of-test.js'

/** A worker of an isolated page has to be isolated too. */
const ISOLATED = {
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

async function workerScript(): Promise<string> {
  const entry = fileURLToPath(new URL('support/tokenizerWorker.ts', import.meta.url))
  const lib = { entry, formats: ['es' as const], fileName: 'worker' }
  const made = await build({ configFile: false, logLevel: 'silent', build: { write: false, lib } })
  const [{ output }] = made as Rollup.RollupOutput[]
  return output[0].code
}

/** Has one tokenizer cut all texts in the page's worker. */
function cutInPage(request: CutRequest & { readonly script: string }): Promise<CutAnswer | string> {
  const page = globalThis as typeof globalThis & { testWorker?: Worker }
  page.testWorker ??= new Worker(request.script, { type: 'module' })
  const worker = page.testWorker
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => resolve(message ?? 'the worker did not start')
    worker.postMessage(request)
  })
}

test('the built module gives ids and offsets of transformers in a worker of the browser', async ({
  page,
}) => {
  test.setTimeout(300_000)
  const body = await workerScript()
  await page.route(`**/${SCRIPT}`, (route) =>
    route.fulfill({ contentType: 'text/javascript', headers: ISOLATED, body }),
  )
  await openApp(page)
  const assets = readdirSync(fileURLToPath(new URL('../dist/assets', import.meta.url)))
  const wasm = assets.find((name) => /^tokenizers-.*\.wasm$/.test(name))
  const base = new URL('.', page.url())
  const texts = oddTexts.map(([, text]) => text)
  const wrong: unknown[] = []
  for (const tokenizer of tokenizerCases) {
    const { vocabularyFiles = {}, ...source } = sourceOf(tokenizer)
    const vocabulary = Object.entries(vocabularyFiles).map(
      ([name, bytes]) => [name, Buffer.from(bytes as Uint8Array).toString('base64')] as const,
    )
    const request = {
      script: new URL(SCRIPT, base).href,
      wasm: new URL(`assets/${wasm}`, base).href,
      source,
      vocabulary,
      texts,
    }
    const cut = await page.evaluate(cutInPage, request)
    for (const [at, [name]] of oddTexts.entries()) {
      const wanted = [tokenizer.ids[at], tokenizer.offsets[at]]
      const made = typeof cut === 'string' ? cut : cut[at]
      if (JSON.stringify(made) !== JSON.stringify(wanted))
        wrong.push({ of: tokenizer.name, name, made, wanted })
    }
  }
  expect(tokenizerCases.length * texts.length).toBeGreaterThan(10_000)
  expect(wrong.slice(0, 5), `${wrong.length} texts`).toEqual([])
})
