import type { Locator, Page } from '@playwright/test'
import { expect } from './page'

/** Levels up to which an element around the focused one may wear the ring: a row, a label, a chart's frame. */
const RING_LEVELS = 4

/** Expects a ring of at least two pixels, in sight, on the focused element or close around it. */
export async function expectVisibleFocus(page: Page): Promise<void> {
  const seen = await page.evaluate((levels) => {
    const focused = document.activeElement
    if (!focused || focused === document.body) return { name: '', visible: true }
    let visible = false
    let at: Element | null = focused
    for (let level = 0; at && level <= levels; level++, at = at.parentElement) {
      const { outlineStyle, outlineWidth, opacity, visibility } = getComputedStyle(at)
      const { width, height, top, bottom } = at.getBoundingClientRect()
      visible ||=
        outlineStyle !== 'none' &&
        Number.parseFloat(outlineWidth) >= 2 &&
        Number(opacity) > 0 &&
        visibility === 'visible' &&
        width > 0 &&
        height > 0 &&
        bottom > 0 &&
        top < window.innerHeight
    }
    return { name: focused.outerHTML.slice(0, 200), visible }
  }, RING_LEVELS)
  expect(seen.visible, `no visible focus on ${seen.name}`).toBe(true)
}

/** Closes the open dialog by Escape and waits until the page knows of it: the browser tells it a frame later. */
export async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(page.locator('.dialog-body')).toHaveCount(0)
}

/** Presses Tab (or Shift + Tab) until the target has the focus; every stop on the way must show it. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toHaveCount(1)
  for (let stops = 0; stops < 80; stops++) {
    await page.keyboard.press(key)
    await expectVisibleFocus(page)
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`${key} does not reach ${target}`)
}
