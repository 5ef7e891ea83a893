import { mkdtempSync, openAsBlob, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from '@playwright/test'
import { MEMORY_FLAGS, memoryOf } from '../bench/memory.mjs'
import { type HubServer, startHubServer } from '../src/engine/sources/hub/hubServerFixture'
import { makeCertificate } from './support/certificate'
import {
  chooseToken,
  curvePanel,
  exportedJson,
  layerTable,
  modelLine,
  openLive,
  paste,
} from './support/explore'
import { CONFIG, PARAMETERS, writeFullSizeBert } from './support/fullSizeBert'
import { expect, rememberTourLeft } from './support/page'
import { test as plain } from './support/tinySite'

const ID = 'owner/bert-base-random'
const HUB = 'https://huggingface.co'
const STORAGE = 'https://cas-bridge.xethub.hf.co'
const WEIGHTS = 4 * PARAMETERS

interface StandIn {
  readonly hub: HubServer
  /** Size of the weights file. */
  readonly bytes: number
  /** Browser that resolves the hub's names to the stand-in. */
  readonly browser: Browser
}

const builtIn = (name: string) =>
  readFileSync(new URL(`../public/models/bert-imdb-l12-h384/${name}`, import.meta.url))

/**
 * Serves the hub with one model, whose weights break off half way the first time, and a browser that takes it for the
 * real one.
 */
const test = plain.extend<{ standIn: StandIn }>({
  standIn: async ({ playwright, launchOptions }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'ripplescope-full-size-'))
    const path = join(folder, 'model.safetensors')
    await writeFullSizeBert(path)
    const files = {
      'config.json': JSON.stringify(CONFIG),
      'tokenizer.json': builtIn('tokenizer.json'),
      'tokenizer_config.json': builtIn('tokenizer_config.json'),
      'model.safetensors': await openAsBlob(path),
    }
    const breaksOff = { cutAfter: files['model.safetensors'].size / 2 }
    // The second request of the weights, behind that of their head, breaks off.
    const hub = await startHubServer(
      { [ID]: { files } },
      ({ host, path: asked }, count) =>
        host === 'storage' && asked === 'model.safetensors' && count === 2 ? breaksOff : null,
      { ...makeCertificate('the hub’s stand-in'), storage: STORAGE },
    )
    const rules = [
      ...[
        [HUB, hub.base],
        [STORAGE, hub.storage],
      ].map(([name, at]) => `MAP ${new URL(name).host}:443 ${new URL(at).host}`),
      'MAP * ~NOTFOUND',
      'EXCLUDE 127.0.0.1',
    ]
    const others = (launchOptions.args ?? []).filter((flag) => !flag.startsWith('--host-resolver-rules'))
    const browser = await playwright.chromium.launch({
      ...launchOptions,
      args: [...others, ...MEMORY_FLAGS, `--host-resolver-rules=${rules.join(', ')}`],
    })
    await use({ hub, bytes: files['model.safetensors'].size, browser })
    await browser.close()
    await hub.close()
    rmSync(folder, { recursive: true })
  },
})

test.use({ allowedProblems: [/net::ERR_(CONTENT_LENGTH_MISMATCH|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_)/] })

test('a BERT-base of the hub, cut off half way, opens in less than twice its weights', async ({
  standIn: { hub, bytes, browser },
  tinySite,
  origins,
  watchfulness,
}) => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, serviceWorkers: 'block' })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await context.addInitScript(rememberTourLeft)
  // A thread of the runtime that waits for work does not say what it holds, and the browser gives it a minute to.
  await context.addInitScript(() => Object.defineProperty(navigator, 'hardwareConcurrency', { value: 1 }))
  watchfulness.watch(context)
  for (const origin of [HUB, STORAGE]) origins.add(origin)
  const page = await context.newPage()
  await openLive(page, '', tinySite)
  await page.getByRole('button', { name: 'Models', exact: true }).click()
  const models = page.locator('main#models')
  await models.getByLabel('Model', { exact: true }).fill(ID)
  await models.getByRole('button', { name: 'Look it up' }).click()
  await models.getByRole('button', { name: /^Fetch 439 MB and open$/ }).click()
  await expect(models.locator('.model-name')).toHaveText(ID)
  await expect(modelLine(page)).toContainText(ID)

  // The bytes before the break were requested once, and the rest from the very next byte.
  const asked = hub.requests.filter(({ host, path }) => host === 'storage' && path === 'model.safetensors')
  // First the head of the file, which says whether the model can be read.
  expect(asked).toHaveLength(3)
  expect(asked[0].range).toBe('bytes=0-65535')
  expect(asked[1].range).toBeNull()
  const from = Number(/^bytes=(\d+)-$/.exec(asked[2].range ?? '')?.[1])
  expect(from).toBeGreaterThan(0.4 * bytes)
  expect(from).toBeLessThanOrEqual(bytes / 2)
  expect(hub.sentByStorage()).toBeLessThan(1.05 * bytes)

  await models.getByRole('button', { name: 'Explore with it' }).click()
  await paste(page, 'A warm, clever little comedy with a great cast.')
  await chooseToken(page, 9)
  await expect(curvePanel(page)).toBeVisible()
  await expect.poll(async () => (await layerTable(page)).length).toBe(CONFIG.num_hidden_layers + 1)
  const { layers } = await exportedJson(page)
  for (const { distance } of layers) expect(distance).toBeGreaterThan(0)

  const { total, pss, peak } = await memoryOf(browser, page)
  const shown = { tab: total / WEIGHTS, process: (pss ?? 0) / WEIGHTS, peak: (peak ?? 0) / WEIGHTS }
  plain.info().annotations.push({ type: 'memory / fp32 weights', description: JSON.stringify(shown) })
  expect(total).toBeLessThan(2 * WEIGHTS)
  await context.close()
  for (const origin of [HUB, STORAGE]) origins.delete(origin)
})
