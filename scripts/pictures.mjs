import { join } from 'node:path'
import { chromium } from 'playwright'
import { CHROMIUM_FLAGS, findBrowser } from './browser.mjs'
import { buildIfStale, DIST, ROOT } from './build.mjs'
import { serve } from './serve.mjs'

/** Takes the pictures of README.md from the built page: `node scripts/pictures.mjs [explore] [corpus]`; all by default. */

/**
 * Holds each picture's height, px, which ends below a whole chart, and what brings its view on screen once the page is live.
 *
 * @type {Record<string, { height: number, show: (page: import('playwright').Page) => Promise<void> }>}
 */
const PICTURES = {
  explore: {
    height: 1110,
    show: async (page) => {
      await page.locator('.neighbors td').filter({ hasText: '·' }).first().waitFor({ state: 'detached' })
      await page.locator('.ripple-skeleton').waitFor({ state: 'detached' })
    },
  },
  corpus: {
    height: 900,
    show: async (page) => {
      await page.getByRole('button', { name: 'Corpus', exact: true }).click()
      await page.locator('main#corpus .finding').first().waitFor()
      await page.locator('main#corpus canvas').first().waitFor()
    },
  },
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in PICTURES))
if (unknown.length > 0) {
  throw new Error(
    `No picture is called ${unknown.join(', ')}; there are ${Object.keys(PICTURES).join(', ')}.`,
  )
}
await buildIfStale()
const site = await serve({ root: DIST })
const browser = await chromium.launch({ executablePath: await findBrowser(), args: CHROMIUM_FLAGS })
try {
  for (const [name, { height, show }] of Object.entries(PICTURES)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    const viewport = { width: 1440, height }
    const page = await browser.newPage({ viewport, colorScheme: 'light', reducedMotion: 'reduce' })
    await page.addInitScript(() => localStorage.setItem('ripplescope-tour', 'left'))
    await page.goto(site.url)
    await page
      .getByText(/WASM|WebGPU/)
      .first()
      .waitFor()
    await show(page)
    await page.evaluate(() => document.fonts.ready)
    // Charts and tints are drawn in the frames after their numbers.
    await page.waitForTimeout(1000)
    await page.screenshot({ path: join(ROOT, `docs/${name}.png`) })
    await page.close()
  }
} finally {
  await browser.close()
  await site.close()
}
