import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { downloadText, expect, openApp, test } from './page'

test('opens the built page, cross-origin isolated, with nothing inline', async ({ page, request }) => {
  await openApp(page)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  const html = await (await request.get('./')).text()
  expect(html).toMatch(/<script [^>]*src=/)
  expect(html).not.toMatch(/<style|<script(?![^>]*src=)|\son\w+=|style=/)
})

test("serves an overlay's files in the place of the page's", async ({ page, serveOverlay }) => {
  const overlay = mkdtempSync(join(tmpdir(), 'ripplescope-overlay-'))
  writeFileSync(
    join(overlay, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><div id="root">overlay</div>',
  )
  const url = await serveOverlay(overlay)
  await openApp(page, 'a', url)
  await expect(page.locator('#root')).toHaveText('overlay')
  expect(page.url()).toBe(`${url}#a`)
  expect((await page.request.get(`${url}runtime/ort-wasm-simd-threaded.wasm`)).ok()).toBe(true)
  rmSync(overlay, { recursive: true })
})

test('gives the text of a download', async ({ page }) => {
  await openApp(page)
  const save = () =>
    page.evaluate(() => {
      const href = URL.createObjectURL(new Blob(['token,shift\n']))
      Object.assign(document.createElement('a'), { href, download: 'shifts.csv' }).click()
    })
  expect(await downloadText(page, save)).toBe('token,shift\n')
})

test.describe('a problem', () => {
  test.use({ expectedObjections: ['warning: a problem'] })

  test('is objected to', async ({ page }) => {
    await openApp(page)
    await page.evaluate(() => console.warn('a problem'))
  })
})

test.describe('a request that leaves the origin', () => {
  // To a host that the page's policy lets through, and the tests' browser does not find.
  test.use({
    expectedObjections: ['left the origin: https://huggingface.co/', 'net::ERR_NAME_NOT_RESOLVED'],
  })

  test('is objected to, in a fresh context too', async ({ freshContext }) => {
    const page = await (await freshContext()).newPage()
    await openApp(page)
    await page.evaluate(() => fetch('https://huggingface.co/').catch(() => {}))
  })
})

test.describe('a problem that a test provokes', () => {
  test.use({ allowedProblems: [/a problem on purpose/] })

  test('is allowed by name', async ({ page }) => {
    await openApp(page)
    await page.evaluate(() => console.warn('a problem on purpose'))
  })
})
