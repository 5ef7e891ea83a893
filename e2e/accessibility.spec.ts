import type { Page } from '@playwright/test'
import { expectAccessible, overflow, violations } from './support/axe'
import { CORPUS_NOISE, corpus } from './support/corpus'
import {
  announcement,
  chooseToken,
  curvePanel,
  expectMeasured,
  openLive,
  paste,
  ripplePanel,
  substitutes,
  tokenAt,
  tokens,
  vocabularyField,
} from './support/explore'
import { expectVisibleFocus } from './support/keyboard'
import { expect, openApp } from './support/page'
import { test } from './support/tinySite'

const openDialog = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

const VIEWPORTS = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }

for (const [device, viewport] of Object.entries(VIEWPORTS)) {
  test.describe(device, () => {
    test.use({ viewport, allowedProblems: CORPUS_NOISE })

    test('axe finds nothing to object to, whatever is open, and nothing scrolls sideways', async ({
      page,
      tinySite,
    }) => {
      await openLive(page, '', tinySite)
      await test.step('the example', async () => {
        await expectAccessible(page)
        expect(await overflow(page)).toBeLessThanOrEqual(0)
      })
      await paste(page, 'The film is good and the story is never dull.')
      await chooseToken(page, 4)
      await expect(announcement(page)).toContainText(/^good → .+: distance/)
      await expect(substitutes(page)).not.toContainText('·')
      await curvePanel(page).getByRole('button', { name: 'Pin', exact: true }).click()

      await test.step('tables, menus and lists open', async () => {
        await curvePanel(page).getByRole('button', { name: 'Table' }).click()
        await ripplePanel(page).getByRole('button', { name: 'Table' }).click()
        await page.getByText('Filter substitutes').click()
        await page.getByText('The last layer, read as a sequence').click()
        await page.getByRole('button', { name: /^\d+ more$/ }).click()
        await page.getByRole('button', { name: 'Examples' }).click()
        await vocabularyField(page).fill('terri')
        await expectAccessible(page)
        await vocabularyField(page).fill('')
        await page.getByRole('button', { name: 'Examples', exact: true }).click()
      })

      for (const [button, dialog] of [
        [/^Model:/, 'Model'],
        ['Share', 'Share'],
        [/^Help/, 'What is measured'],
      ] as const) {
        await test.step(`dialog ${dialog}`, async () => {
          await openDialog(page, button)
          await expect(page.getByRole('dialog', { name: dialog })).toBeVisible()
          await expectAccessible(page, 'dialog[open]')
          await page.keyboard.press('Escape')
        })
      }

      await test.step('a message, a text past the limit, the editor, no text', async () => {
        // With a pin there would be numbers to take away.
        await page.getByRole('button', { name: /^Remove the pin/ }).click()
        await paste(page, 'Far too long and far too slow. '.repeat(80))
        await page.getByRole('button', { name: 'Everything as JSON' }).click()
        await expect(page.locator('.notice')).toBeVisible()
        await expect(tokens(page).getByRole('note')).toBeVisible()
        await expectAccessible(page, '.notices', '.review-head', '.review-limit', '.review-unread')
        await page.getByRole('button', { name: 'Edit text' }).click()
        await page.keyboard.press('ControlOrMeta+a')
        await page.keyboard.press('Delete')
        await expectAccessible(page, 'main')
        await page.keyboard.press('Escape')
        await expectAccessible(page, 'main')
      })

      await test.step('words without a place to break', async () => {
        await paste(page, `${'incomprehensibilities'.repeat(20)} https://example.org/${'a'.repeat(200)}`)
        expect(await overflow(page)).toBeLessThanOrEqual(0)
      })

      for (const [view, content] of [
        ['Models', page.locator('main#models .model-name')],
        ['Corpus', corpus(page).locator('.finding').first()],
      ] as const) {
        await test.step(`the view ${view}`, async () => {
          await page.getByRole('button', { name: view, exact: true }).click()
          await expect(content).toBeVisible()
          await expectAccessible(page)
          expect(await overflow(page)).toBeLessThanOrEqual(0)
        })
      }
    })
  })
}

test('nothing is lost where colours are forced', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await openApp(page)
  await expectMeasured(page, 'seven → 7')
  expect(await violations(page)).toEqual([])
  const look = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { color, backgroundColor, outlineStyle, borderBottomColor, stroke, fill } =
          getComputedStyle(element)
        return { color, backgroundColor, outlineStyle, borderBottomColor, stroke, fill }
      })
  // Something other than colour marks the chosen token, the current view and the line.
  expect(await look('[data-roving][aria-pressed="true"]')).not.toEqual(
    await look('[data-roving][aria-pressed="false"]'),
  )
  expect(await look('.view-nav [aria-current]')).not.toEqual(
    await look('.view-nav button:not([aria-current])'),
  )
  const line = await curvePanel(page)
    .locator('path[stroke], .curve-line, svg path')
    .evaluateAll((paths) => paths.map((path) => getComputedStyle(path).stroke))
  const canvas = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  expect(line.filter((stroke) => stroke !== 'none' && stroke !== canvas).length).toBeGreaterThan(0)
  await tokenAt(page, 15).focus()
  await page.keyboard.press('ArrowRight')
  await expectVisibleFocus(page)
})

/** Returns the longest transition or animation that any element would run, in seconds. */
const longestMotion = (page: Page) =>
  page.evaluate(() =>
    Math.max(
      ...Array.from(document.querySelectorAll('*'), (element) => {
        const { transitionDuration, animationDuration, animationName, scrollBehavior } =
          getComputedStyle(element)
        const seconds = (list: string) => Math.max(...list.split(',').map(Number.parseFloat))
        return Math.max(
          seconds(transitionDuration),
          animationName === 'none' ? 0 : seconds(animationDuration),
          scrollBehavior === 'smooth' ? 1 : 0,
        )
      }),
    ),
  )

test('motion explains', async ({ page }) => {
  await openApp(page)
  await expectMeasured(page, 'seven → 7')
  expect(await longestMotion(page)).toBeGreaterThan(0.05)
})

test.describe('reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } })

  test('is respected everywhere', async ({ page }) => {
    await openApp(page)
    await expectMeasured(page, 'seven → 7')
    await chooseToken(page, 15)
    await expectMeasured(page, 'tavern → restaurant')
    expect(await longestMotion(page)).toBeLessThan(0.02)
  })
})
