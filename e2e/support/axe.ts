import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

type Options = Parameters<AxeBuilder['options']>[0]

async function analyze(page: Page, parts: readonly string[], options: Options): Promise<string[]> {
  const builder = new AxeBuilder({ page }).options(options)
  for (const part of parts) builder.include(part)
  const { violations: found } = await builder.analyze()
  return found.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 4)
        .map(({ html }) => html)
        .join(' | ')}`,
  )
}

/** Returns what axe-core finds, in the whole page or in a part of it, each with the first elements it means. */
export const violations = (page: Page, ...parts: readonly string[]): Promise<string[]> =>
  analyze(page, parts, {})

/** Expects no violation of any rule in the page's theme, nor of contrast, which a theme decides, in the other one. */
export async function expectAccessible(page: Page, ...parts: readonly string[]): Promise<void> {
  expect(await violations(page, ...parts), 'in the light theme').toEqual([])
  // Without motion, so that no colour is met on its way.
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const contrast: Options = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }
  expect(await analyze(page, parts, contrast), 'in the dark theme').toEqual([])
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null })
}

/** Returns how far the page can be scrolled sideways, CSS px; charts scroll in frames of their own. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
