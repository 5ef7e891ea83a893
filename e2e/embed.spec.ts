import { createServer } from 'node:http'
import type { FrameLocator, Page } from '@playwright/test'
import { expectAccessible, overflow } from './support/axe'
import { expectMeasured, modelLine, tokenAt } from './support/explore'
import { linkOf } from './support/link'
import { expect, openApp, test as plain } from './support/page'

/** Addresses that only an opening model asks for. */
const MODEL = /\/(?:models|runtime)\/|worker/

/** Serves a course page on another origin: whatever HTML it was given last. */
interface Host {
  show(page: Page, body: string): Promise<FrameLocator>
}

const test = plain.extend<{ host: Host; asked: string[] }>({
  // A frame keeps nothing; the tests must not either.
  tourLeft: false,

  asked: async ({ context }, use) => {
    const asked: string[] = []
    context.on('request', (request) => {
      if (MODEL.test(request.url())) asked.push(request.url())
    })
    await use(asked)
  },

  host: async ({ origins }, use) => {
    let body = ''
    const server = createServer((request, response) => {
      if (request.url !== '/') {
        response.writeHead(204).end()
        return
      }
      response.setHeader('Content-Type', 'text/html;charset=utf-8')
      response.end(`<!doctype html><html lang="en"><title>A course</title><h1>A course</h1>${body}</html>`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the host has no port')
    const url = `http://127.0.0.1:${address.port}`
    origins.add(url)
    await use({
      show: async (page, html) => {
        body = html
        await page.goto(url)
        return page.frameLocator('iframe')
      },
    })
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  },
})

const frameOf = (site: string, fragment: string, height = 640) =>
  `<iframe title="embedded" width="720" height="${height}" src="${site}${fragment.replaceAll('&', '&amp;')}"></iframe>`

const curve = (frame: FrameLocator) => frame.getByRole('region', { name: 'Distance by layer', exact: true })
const announced = (frame: FrameLocator) => frame.locator('main > p[aria-live]')

/** Returns what the frame has in the browser's stores, and its place in the history. */
async function tracesOf(page: Page) {
  const frame = page.frames().find((candidate) => candidate !== page.mainFrame())
  if (!frame) throw new Error('the page has no frame')
  return frame.evaluate(async () => ({
    storage: localStorage.length + sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    entries: history.length,
    hash: location.hash,
  }))
}

test('Share copies the frame of the chosen panels', async ({ page }) => {
  await openApp(page)
  await expectMeasured(page, 'seven → 7')
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  const share = page.getByRole('dialog', { name: 'Share' })
  await share.getByRole('checkbox', { name: 'Review' }).check()
  await share.getByRole('button', { name: 'Copy as embed' }).click()
  await expect(share).toContainText('Copied.')
  const html = await page.evaluate(() => navigator.clipboard.readText())
  expect(html).toBe(await share.getByRole('textbox', { name: 'HTML of the frame' }).inputValue())
  expect(html).toContain('title="Ripplescope: seven → 7"')
  expect(html).toContain('&amp;embed=review,curve"')
})

test('a copied frame stands in another page: shipped until it is touched, live after', async ({
  page,
  freshContext,
  host,
  asked,
}) => {
  // Made in another profile, so that what its page asks for is not taken for the frame's.
  const author = await (await freshContext()).newPage()
  await openApp(author)
  await expectMeasured(author, 'seven → 7')
  await author.getByRole('button', { name: 'Share', exact: true }).click()
  const html = await author.getByRole('textbox', { name: 'HTML of the frame' }).inputValue()

  const frame = await host.show(page, html)
  await expect(curve(frame).getByRole('slider')).toBeVisible()
  await expect(announced(frame)).toContainText('seven → 7: distance')
  await expect(frame.getByText(/^Shipped with the page/)).toBeVisible()
  expect(asked, 'requests of a model before a touch').toEqual([])
  const before = await tracesOf(page)
  expect(before.hash).toMatch(/&embed=curve$/)

  await frame.getByRole('button', { name: 'Run it here' }).click()
  await expect(frame.getByText(/int8 weights, fp32 compute · WASM × \d$/)).toBeVisible()
  expect(asked.some((url) => url.endsWith('.safetensors'))).toBe(true)
  await expect(announced(frame)).toContainText('seven → 7: distance')
  expect(await tracesOf(page)).toEqual(before)
})

test('a token chosen inside the frame wakes the model and is measured', async ({
  page,
  host,
  site,
  asked,
}) => {
  const frame = await host.show(page, frameOf(site, '#embed=review,curve', 900))
  await expect(announced(frame)).toContainText('seven → 7: distance')
  expect(asked).toEqual([])
  await frame.locator('[data-roving="15"]').click()
  await expect(announced(frame)).toContainText('tavern → restaurant: distance')
  await expect(frame.getByText(/WASM × \d$/)).toBeVisible()
  await expect(curve(frame)).toContainText('tavern → restaurant')
})

test('the keyboard wakes it; passing through with Tab does not', async ({ page, host, site, asked }) => {
  const frame = await host.show(page, frameOf(site, '#embed=neighbors', 800))
  const rows = frame.getByRole('table', { name: 'Substitutes, nearest first' })
  await expect(rows).toContainText('eight')
  await frame.getByRole('button', { name: 'Run it here' }).focus()
  for (let stop = 0; stop < 4; stop++) await page.keyboard.press('Tab')
  expect(asked).toEqual([])
  await frame.getByRole('radio', { name: '7' }).focus()
  await page.keyboard.press('ArrowDown')
  await expect(announced(frame)).toContainText('seven → eight: distance')
  await expect(frame.getByText(/WASM × \d$/)).toBeVisible()
  expect(asked.length).toBeGreaterThan(0)
})

test('a text of one’s own waits with a sentence and a button', async ({ page, host, site, asked }) => {
  const link = linkOf([['A warm little comedy with a great cast.'], '', '', 7])
  const frame = await host.show(page, frameOf(site, `${link}&embed=ripple&theme=dark`))
  await expect(frame.getByText(/^There are no ready-made results for this/)).toBeVisible()
  await expect(frame.getByText('A warm little comedy with a great cast.')).toBeVisible()
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark')
  expect(asked).toEqual([])
  await frame.getByRole('button', { name: 'Measure it here' }).click()
  await expect(announced(frame)).toContainText('great → good: distance')
  await expect(frame.getByRole('region', { name: 'Ripple', exact: true }).getByRole('slider')).toBeVisible()
})

test('the whole page opens from it with the same session', async ({ page, host, site, context }) => {
  const frame = await host.show(page, frameOf(site, '#embed=review', 500))
  await frame.locator('[data-roving="15"]').click()
  await expect(announced(frame)).toContainText('tavern → restaurant: distance')
  const opening = context.waitForEvent('page')
  await frame.getByRole('link', { name: 'Ripplescope · open the whole page' }).click()
  const whole = await opening
  await expect(modelLine(whole)).toBeVisible()
  await expectMeasured(whole, 'tavern → restaurant')
  await expect(tokenAt(whole, 15)).toHaveAttribute('aria-pressed', 'true')
})

test('a damaged link and an unknown panel give a sentence and the way out', async ({
  page,
  host,
  site,
  asked,
}) => {
  const damaged = await host.show(page, frameOf(site, '#v1.abc&embed=curve', 200))
  await expect(damaged.getByRole('alert')).toContainText('The link is damaged')
  await expect(damaged.getByRole('link', { name: /open the whole page/ })).toBeVisible()
  const unknown = await host.show(page, frameOf(site, '#embed=pie', 200))
  await expect(unknown.getByRole('alert')).toContainText('review, neighbors, curve, ripple')
  expect(asked).toEqual([])
})

test('axe finds nothing to object to in any panel, and nothing scrolls sideways', async ({ page, site }) => {
  await page.setViewportSize({ width: 360, height: 640 })
  for (const panels of ['review', 'neighbors', 'curve', 'ripple']) {
    await test.step(panels, async () => {
      // From an empty page: the address alone would only change its fragment.
      await page.goto('about:blank')
      await page.goto(`${site}#embed=${panels}`)
      await expect(page.locator('main > p[aria-live]')).toContainText('distance')
      await expectAccessible(page)
      expect(await overflow(page)).toBeLessThanOrEqual(0)
    })
  }
})
