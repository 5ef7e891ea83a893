import { expect, openApp, test } from './support/page'

test('the page comes with its policy, in its own text and in the header of every file', async ({ page }) => {
  const policies: (string | undefined)[] = []
  page.on('response', (response) => policies.push(response.headers()['content-security-policy']))
  await openApp(page)
  const meta = page.locator('meta[http-equiv="Content-Security-Policy"]')
  const written = await meta.getAttribute('content')
  expect(written).toContain("script-src 'self' 'wasm-unsafe-eval';")
  expect(policies.length).toBeGreaterThan(3)
  expect(new Set(policies)).toEqual(new Set([written]))
  await expect(page.locator('meta[name="referrer"]')).toHaveAttribute('content', 'no-referrer')
})
