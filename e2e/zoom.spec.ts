import type { Page } from '@playwright/test'
import { overflow } from './support/axe'
import {
  CORPUS_NOISE,
  corpus,
  expectFinished,
  exploreAnnouncement,
  openCorpus,
  runButton,
  scatter,
  sourceDialog,
} from './support/corpus'
import { announcement, curvePanel, openLive, paste, substituteRows, tokenAt } from './support/explore'
import { expect } from './support/page'
import { test } from './support/tinySite'

test.use({ allowedProblems: CORPUS_NOISE })

const TEXT = 'The film is good, and I would watch it again.'

/** Sizes that a window of 1280 x 1024 px has left (WCAG 2.2, 1.4.4 and 1.4.10). */
const ZOOMS = {
  '200 %': { width: 640, height: 512 },
  '400 %': { width: 320, height: 256 },
}

/**
 * Returns what can be pressed and, once scrolled to, is not whole in sight or has something else in front of it. What
 * scrolls sideways in a frame of its own may do so.
 */
const outOfReach = (page: Page, within: string) =>
  page.evaluate((root) => {
    const found: string[] = []
    const controls = document.querySelectorAll<HTMLElement>(
      ['button', 'a[href]', 'input', 'select', 'textarea', 'summary', '[role="slider"]', '[role="combobox"]']
        .map((control) => `${root} ${control}`)
        .join(),
    )
    for (const control of controls) {
      const style = getComputedStyle(control)
      if (!control.checkVisibility({ visibilityProperty: true }) || style.pointerEvents === 'none') continue
      // Comes with the focus (e2e/keyboard.spec.ts).
      if (control.matches('.skip-link')) continue
      // A field that is drawn by its label is pressed there.
      const drawn = style.opacity === '0' || control.offsetWidth <= 1 ? control.closest('label') : control
      if (!drawn || drawn.offsetWidth <= 1) continue
      drawn.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })
      const { left, right, top, bottom } = drawn.getBoundingClientRect()
      const name = `${drawn.outerHTML.slice(0, 120)} at ${[left, top, right, bottom].map(Math.round)}`
      const wide = right - left > innerWidth
      if (left < -1 || (right > innerWidth + 1 && !wide)) {
        found.push(`beside the window: ${name}`)
        continue
      }
      const x = Math.min(Math.max((left + right) / 2, 1), innerWidth - 1)
      const y = Math.min(Math.max((top + bottom) / 2, 1), innerHeight - 1)
      const front = document.elementFromPoint(x, y)
      const reached = front && (drawn.contains(front) || front.contains(drawn))
      if (!reached) found.push(`behind ${front?.outerHTML.slice(0, 80)}: ${name}`)
    }
    return found
  }, within)

async function expectUsable(page: Page, within = 'body'): Promise<void> {
  expect(await overflow(page), 'the page scrolls sideways').toBeLessThanOrEqual(0)
  expect(await outOfReach(page, within)).toEqual([])
}

for (const [zoom, viewport] of Object.entries(ZOOMS)) {
  const title = `at ${zoom} everything is in reach, and a review, a run and a model are looked at`
  // At 400 % also in other fonts (playwright.config.ts).
  test(title, { tag: zoom === '400 %' ? '@any-font' : [] }, async ({ page, tinySite }) => {
    await page.setViewportSize(viewport)
    await openCorpus(page, tinySite)

    await test.step('a run over the sample reviews', async () => {
      await expectUsable(page)
      await corpus(page).getByRole('button', { name: 'Use the sample reviews' }).click()
      await expect(runButton(page)).toHaveAttribute('aria-disabled', 'false')
      await expectUsable(page, 'dialog[open]')
      await sourceDialog(page).getByRole('button', { name: 'Settings' }).click()
      const settings = page.getByRole('dialog', { name: 'Settings of the next run' })
      await expectUsable(page, 'dialog[open]')
      await settings.getByLabel('Sample size').fill('8')
      await settings.getByRole('button', { name: 'Run', exact: true }).click()
      await expectFinished(page, 8)
      await scatter(page).focus()
      await page.keyboard.press('End')
      await expect(scatter(page)).toBeInViewport()
      await page.keyboard.press('Escape')
      await expectUsable(page)
    })

    await test.step('the models', async () => {
      await page.getByRole('button', { name: 'Models', exact: true }).click()
      await expect(page.locator('main:not([hidden])').getByRole('heading').first()).toBeVisible()
      await expectUsable(page)
    })

    await test.step('a review', async () => {
      await page.getByRole('button', { name: 'Explore', exact: true }).click()
      await paste(page, TEXT)
      await tokenAt(page, 4).click()
      await expect(exploreAnnouncement(page)).toContainText('distance')
      await substituteRows(page).nth(1).getByRole('radio').check()
      await curvePanel(page).getByRole('button', { name: 'Pin', exact: true }).click()
      await expect(page.getByRole('region', { name: 'Pins' }).getByRole('listitem')).toHaveCount(1)
      await curvePanel(page).getByRole('button', { name: 'Table' }).click()
      await expectUsable(page)
      await page.getByRole('button', { name: 'Edit text' }).click()
      await expectUsable(page, 'main:not([hidden])')
    })

    for (const name of [/^Model:/, 'Share', /^Help/]) {
      await test.step(`the dialog behind ${name}`, async () => {
        await page.getByRole('button', { name }).first().click()
        await expect(page.locator('dialog[open]')).toBeVisible()
        await expectUsable(page, 'dialog[open]')
        await page.locator('dialog[open]').getByRole('button', { name: 'Close' }).first().click()
        await expect(page.locator('dialog[open]')).toHaveCount(0)
      })
    }
  })
}

test.describe('by touch', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } })

  /**
   * Returns targets that are too small; in the paper's own text only the line height counts (WCAG 2.2, 2.5.8: inline).
   */
  const smallTargets = (page: Page) =>
    page.evaluate(() => {
      const found: string[] = []
      for (const control of document.querySelectorAll<HTMLElement>('button, select, summary, input')) {
        if (!control.checkVisibility({ visibilityProperty: true })) continue
        if (
          control.closest('[data-roving], .review-tokens, .term, p, td, th') ||
          getComputedStyle(control).opacity === '0'
        )
          continue
        const target = control.closest('label') ?? control
        const { width, height } = target.getBoundingClientRect()
        if (width > 1 && (width < 44 || height < 44))
          found.push(`${Math.round(width)} x ${Math.round(height)}: ${target.outerHTML.slice(0, 160)}`)
      }
      return found
    })

  test('a tap chooses, and what is tapped is large enough', { tag: '@any-font' }, async ({
    page,
    tinySite,
  }) => {
    await openLive(page, '', tinySite)
    await paste(page, TEXT)
    await tokenAt(page, 4).tap()
    await expect(tokenAt(page, 4)).toHaveAttribute('aria-pressed', 'true')
    await expect(announcement(page)).toContainText('distance')
    await substituteRows(page).nth(1).tap()
    await expect(substituteRows(page).nth(1).getByRole('radio')).toBeChecked()
    expect(await smallTargets(page)).toEqual([])
    for (const view of ['Corpus', 'Models']) {
      await page.getByRole('button', { name: view, exact: true }).tap()
      await expect(page.locator('main:not([hidden])').getByRole('heading').first()).toBeVisible()
      expect(await smallTargets(page), view).toEqual([])
    }
  })
})
