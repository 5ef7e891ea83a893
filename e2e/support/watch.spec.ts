import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { serve } from '../../scripts/serve.mjs'
import { type Watch, watchContext } from './watch'

// One of the ways out that are watched.
test.use({ serviceWorkers: 'allow' })

/** Every way out of a page that a library could take without our knowing. `OUT` is replaced by another origin. */
const LEAVING: Record<string, string> = {
  'a fetch': `fetch('OUT/fetch', { mode: 'no-cors' })`,
  'an image': `new Image().src = 'OUT/image'`,
  'a beacon': `navigator.sendBeacon('OUT/beacon', 'text of the review')`,
  'a script': `document.head.append(Object.assign(document.createElement('script'), { src: 'OUT/script' }))`,
  'an event source': `new EventSource('OUT/events')`,
  'a web socket': `new WebSocket('OUT/socket'.replace('http', 'ws'))`,
  'a worker': `new Worker('./fetch.js')`,
  'a module worker': `new Worker('./fetch.js', { type: 'module' })`,
  'a worker of a worker': `new Worker('./nested.js')`,
  'a service worker': `navigator.serviceWorker.register('./fetch.js')`,
}

const PROBLEMS: Record<string, string> = {
  'a warning': `console.warn('a problem')`,
  'an error': `console.error('a problem')`,
  'an uncaught exception': `setTimeout(() => { throw new Error('a problem') })`,
  'an unhandled rejection': `Promise.reject(new Error('a problem'))`,
  "a worker's error": `new Worker('./error.js')`,
  "a worker's exception": `new Worker('./throw.js')`,
  "a worker's unhandled rejection": `new Worker('./reject.js')`,
}

const FILES: Record<string, string> = {
  'index.html': '<!doctype html><link rel="icon" href="data:,"><title>Watched</title>',
  'fetch.js': `fetch('OUT/worker', { mode: 'no-cors' }).catch(() => {})`,
  'nested.js': `new Worker('./fetch.js')`,
  'error.js': `console.error('a problem')`,
  'throw.js': `throw new Error('a problem')`,
  'reject.js': `Promise.reject(new Error('a problem'))`,
}

const folder = mkdtempSync(join(tmpdir(), 'ripplescope-watch-'))
let site: Awaited<ReturnType<typeof serve>>
let elsewhere: Awaited<ReturnType<typeof serve>>

test.beforeAll(async () => {
  elsewhere = await serve({ root: folder, policy: null })
  for (const [name, contents] of Object.entries(FILES)) {
    writeFileSync(join(folder, name), contents.replace('OUT/', elsewhere.url))
  }
  site = await serve({ root: folder, policy: null })
})

test.afterAll(async () => {
  await Promise.all([site.close(), elsewhere.close()])
  rmSync(folder, { recursive: true })
})

async function watched(context: BrowserContext, page: Page, script: string): Promise<Watch> {
  const watch = watchContext(context, new Set([new URL(site.url).origin]))
  await page.goto(site.url)
  await page.addScriptTag({ content: script.replace('OUT/', elsewhere.url) })
  return watch
}

for (const [name, script] of Object.entries(LEAVING)) {
  test(`sees a request that leaves the origin by ${name}`, async ({ context, page }) => {
    const watch = await watched(context, page, script)
    await expect.poll(() => watch.foreignRequests.length).toBeGreaterThan(0)
  })
}

for (const [name, script] of Object.entries(PROBLEMS)) {
  test(`sees ${name}`, async ({ context, page }) => {
    const watch = await watched(context, page, script)
    await expect.poll(() => watch.problems.join()).toContain('a problem')
  })
}

test('has nothing to say about a page that keeps to itself', async ({ context, page }) => {
  const watch = await watched(context, page, `fetch('./fetch.js'); fetch('data:,a'); console.log('fine')`)
  await page.evaluate(() => fetch(URL.createObjectURL(new Blob(['b']))).then((response) => response.text()))
  expect(watch).toEqual({ foreignRequests: [], problems: [] })
})
