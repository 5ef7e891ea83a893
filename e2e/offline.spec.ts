import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from '@playwright/test'
import { SECURITY_POLICY } from '../scripts/securityPolicy.mjs'
import { EXAMPLES } from '../src/state/learn/examples'
import { CORPUS_NOISE, corpus, showCorpus, sourceDialog } from './support/corpus'
import { chooseToken, expectMeasured, modelLine, paste, provenance, tokens } from './support/explore'
import { expect, openApp, test as plain } from './support/page'
import { openPlainHost, type PlainHost } from './support/plainHost'

const DIST = fileURLToPath(new URL('../dist', import.meta.url))
const PATH = '/some/path/'
const WEIGHTS = 'models/bert-imdb-l12-h384/model.safetensors'

/** Serves the page under a path of a host that sends no headers; files written into `overlay` win over the build's. */
const test = plain.extend<{ host: PlainHost; overlay: string }>({
  overlay: async ({ browserName: _ }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'ripplescope-newer-'))
    await use(folder)
    rmSync(folder, { recursive: true })
  },
  host: async ({ overlay, origins }, use) => {
    const host = await openPlainHost([overlay, DIST], PATH)
    origins.add(host.origin)
    await use(host)
    await host.stop()
  },
})

const [first] = EXAMPLES

const isolated = (page: Page) => page.evaluate(() => crossOriginIsolated)
const updateOffer = (page: Page) => page.getByRole('status').filter({ hasText: 'A new version is ready' })

/** Opens the model's panel and finds its part about hosts and about the saved page. */
async function hostsPanel(page: Page) {
  await modelLine(page).click()
  return page.getByRole('dialog', { name: 'Model' }).getByRole('region', { name: /^Hosts contacted/ })
}

/** Waits until the page says that it opens without a network. */
async function whenKept(page: Page) {
  await expect(await hostsPanel(page)).toContainText('everything built in opens and works without a network')
  await page.keyboard.press('Escape')
}

/** Returns the addresses in the caches of the origin, without Workbox's revisions. */
const keptPaths = (page: Page, path = PATH) =>
  page.evaluate(async (folder) => {
    const caches = await Promise.all((await self.caches.keys()).map((name) => self.caches.open(name)))
    const requests = (await Promise.all(caches.map((cache) => cache.keys()))).flat()
    return requests.map(({ url }) => new URL(url).pathname.slice(folder.length))
  }, path)

/** Counts the pages that the service worker knows of; one that was closed may be among them for a moment. */
async function pagesOf(context: BrowserContext): Promise<number> {
  const [worker] = context.serviceWorkers()
  return worker.evaluate(async () => {
    const { clients } = self as unknown as ServiceWorkerGlobalScope
    return (await clients.matchAll({ type: 'window', includeUncontrolled: true })).length
  })
}

/** Puts a newer build in place of the present one: another title, and the service worker that carries its sha256. */
function deployNewer(overlay: string) {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('base64')
  const page = readFileSync(join(DIST, 'index.html'), 'utf8')
  const newer = page.replace('<title>Ripplescope</title>', '<title>Ripplescope, newer</title>')
  const worker = readFileSync(join(DIST, 'serviceWorker.js'), 'utf8')
  expect(worker).toContain(sha256(page))
  writeFileSync(join(overlay, 'index.html'), newer)
  writeFileSync(join(overlay, 'serviceWorker.js'), worker.replaceAll(sha256(page), sha256(newer)))
}

test.describe('with a service worker', () => {
  test.use({ serviceWorkers: 'allow', allowedProblems: CORPUS_NOISE })

  test('a host without headers gets threads by one quiet reload, and then none of the page needs it', async ({
    page,
    host,
    context,
  }) => {
    let loads = 0
    page.on('domcontentloaded', () => loads++)
    await openApp(page, '', host.url)
    await expect(modelLine(page)).toContainText(/WASM × [2-8]/)
    expect(await isolated(page)).toBe(true)
    await expect(tokens(page)).toContainText(first.text.slice(0, 40))
    await whenKept(page)
    expect(loads).toBe(2)

    const kept = await keptPaths(page)
    expect(kept.filter((path) => /\.wasm$/.test(path)).sort()).toEqual([
      expect.stringMatching(/^assets\/tokenizers-[\w-]+\.wasm$/),
      'runtime/ort-wasm-simd-threaded.wasm',
    ])
    expect(kept.filter((path) => /\.safetensors$/.test(path))).toEqual([WEIGHTS])
    expect(host.requests(WEIGHTS)).toBe(1)

    await page.close()
    await host.stop()
    await context.setOffline(true)
    const later = await context.newPage()
    await openApp(later, '', host.url)
    await expect(modelLine(later)).toContainText(/WASM × [2-8]/)
    await chooseToken(later, 8)
    await expect(provenance(later)).toHaveText(/^bert-imdb-l12-h384 .* WASM/)
    await later.getByRole('button', { name: 'Examples' }).click()
    await later.getByRole('button', { name: EXAMPLES[1].title }).click()
    await paste(later, 'Nothing in it was funny.')
    await chooseToken(later, 5)
    await expectMeasured(later, 'funny → hilarious')
    await expect
      .poll(() => later.evaluate(() => document.fonts.check('16px "Source Serif 4 Variable"')))
      .toBe(true)
    await showCorpus(later)
    await expect(corpus(later)).toContainText('ready-made run, shipped with the page')
  })

  test('a new version is offered, taken by the button only, and comes whole', async ({
    page,
    host,
    overlay,
    context,
  }) => {
    await openApp(page, '', host.url)
    await expect(modelLine(page)).toContainText(/WASM × [2-8]/)
    await whenKept(page)
    deployNewer(overlay)

    await page.reload()
    await expect(updateOffer(page)).toBeVisible()
    await expect(page).toHaveTitle('Ripplescope')
    await paste(page, 'Nothing in it was funny.')
    await chooseToken(page, 5)
    await expectMeasured(page, 'funny → hilarious')

    const other = await context.newPage()
    await openApp(other, '', host.url)
    await expect(other).toHaveTitle('Ripplescope')
    await updateOffer(page).getByRole('button', { name: 'Reload' }).click()
    await expect(updateOffer(page)).toContainText('Another tab or frame runs the present version: close it')
    await expect(page).toHaveTitle('Ripplescope')
    await other.close()
    await expect.poll(() => pagesOf(context)).toBe(1)

    await updateOffer(page).getByRole('button', { name: 'Reload' }).click()
    await expect(page).toHaveTitle('Ripplescope, newer')
    await expect(modelLine(page)).toContainText(/WASM × [2-8]/)
    await expect(tokens(page)).toContainText('Nothing in it was')
    await expectMeasured(page, 'funny → hilarious')
    await expect(updateOffer(page)).toHaveCount(0)
    const kept = await keptPaths(page)
    expect(kept.filter((path) => path === 'index.html')).toHaveLength(1)
    expect(host.requests(WEIGHTS)).toBe(1)
    expect(host.requests('runtime/ort-wasm-simd-threaded.wasm')).toBeLessThanOrEqual(2)
  })

  test('a host that sends the headers is never reloaded, and sends its own policy', async ({
    page,
    site,
  }) => {
    let loads = 0
    page.on('domcontentloaded', () => loads++)
    await openApp(page, '', site)
    await expect(modelLine(page)).toContainText('WASM')
    await whenKept(page)
    expect(loads).toBe(1)
    expect(await isolated(page)).toBe(true)
  })

  test('who has touched the page is not interrupted: threads and the policy come with the next visit', async ({
    page,
    host,
  }) => {
    let loads = 0
    page.on('domcontentloaded', () => loads++)
    // Nothing is kept, and no reload comes, before the model has: the touch is first, however fast the machine.
    let touch = () => {}
    const touched = new Promise<void>((resolve) => {
      touch = resolve
    })
    await page.route(`**/${WEIGHTS}`, async (route) => {
      await touched
      await route.continue()
    })
    await openApp(page, '', host.url)
    await chooseToken(page, 15)
    touch()
    await expect(modelLine(page)).toContainText('WASM × 1')
    await whenKept(page)
    expect(loads).toBe(1)
    const [document, worker] = await Promise.all([page.reload(), page.waitForResponse(/explorer\.worker/)])
    for (const headers of [document?.headers(), worker.headers()]) {
      expect(headers?.['content-security-policy']).toBe(SECURITY_POLICY)
      expect(headers?.['cross-origin-embedder-policy']).toBe('require-corp')
    }
    await expect(modelLine(page)).toContainText(/WASM × [2-8]/)
  })
})

test.describe('a host that changes a file', () => {
  test.use({ serviceWorkers: 'allow', allowedProblems: [/integrity/] })

  test('has none of the page kept, which works on', async ({ page, host, overlay }) => {
    mkdirSync(join(overlay, 'corpora'))
    writeFileSync(join(overlay, 'corpora/short-reviews.jsonl'), '{"text":"Another review."}\n')
    await openApp(page, '', host.url)
    await expect(modelLine(page)).toContainText('WASM × 1')
    await expect(await hostsPanel(page)).toContainText('a host that changes files')
    expect(await page.evaluate(() => navigator.serviceWorker.getRegistrations())).toHaveLength(0)
    await page.keyboard.press('Escape')
    await chooseToken(page, 15)
    await expect(provenance(page)).toHaveText(/^bert-imdb-l12-h384 .* WASM/)
  })
})

test('without a service worker all works online, and the own host is listed with what for', async ({
  page,
  host,
}) => {
  await openApp(page, '', host.url)
  await expect(modelLine(page)).toContainText('WASM × 1')
  await chooseToken(page, 15)
  await expect(provenance(page)).toHaveText(/^bert-imdb-l12-h384 .* WASM/)
  const panel = await hostsPanel(page)
  await expect(panel).toContainText('This browser does not keep the page')
  await expect(panel.locator('dt')).toHaveText([`${new URL(host.url).host} (this page’s own)`])
  await expect(panel.locator('dd')).toContainText('the built-in model')
  await expect(panel.locator('dd')).toContainText('the runtime that computes it')
})

const HUB = 'https://datasets-server.huggingface.co'

test.describe('a hub that a worker asks', () => {
  test.use({ allowedProblems: [new RegExp(`${CORPUS_NOISE[0].source}|huggingface\\.co`)] })

  test('is listed with what for', async ({ page, site, origins }) => {
    origins.add(HUB)
    await page.route(`${HUB}/**`, (route) =>
      route.fulfill({ status: 404, body: '{}', headers: { 'access-control-allow-origin': '*' } }),
    )
    await openApp(page, '', site)
    await expect(modelLine(page)).toContainText('WASM')
    await showCorpus(page)
    await corpus(page).getByRole('button', { name: 'Change source' }).click()
    await sourceDialog(page).getByText('A data set of the hub').click()
    await Promise.all([
      page.waitForRequest(`${HUB}/**`),
      sourceDialog(page).getByRole('button', { name: 'Fetch first rows' }).click(),
    ])
    await page.keyboard.press('Escape')
    const panel = await hostsPanel(page)
    await expect(panel.locator('dt')).toHaveText([
      `${new URL(site).host} (this page’s own)`,
      new URL(HUB).host,
    ])
    await expect(panel.locator('dd').nth(1)).toHaveText('rows of a data set that you asked for')
    origins.delete(HUB)
  })
})
