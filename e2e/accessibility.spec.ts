import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import {
  chooseToken,
  curvePanel,
  expectMeasured,
  openLive,
  paste,
  ripplePanel,
  substitutes,
  tokens,
  vocabularyField,
} from './support/explore'
import { expect, openApp, test } from './support/page'

/** What axe-core finds, in the whole page or in a part of it, each with the first elements it means. */
async function violations(page: Page, ...parts: readonly string[]): Promise<string[]> {
  const builder = new AxeBuilder({ page })
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

const openDialog = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

const VIEWPORTS = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, viewport] of Object.entries(VIEWPORTS)) {
    test.describe(`${colorScheme}, ${device}`, () => {
      test.use({ colorScheme, viewport })

      test('axe finds nothing to object to, whatever is open', async ({ page }) => {
        await openLive(page)
        await test.step('the example', async () => expect(await violations(page)).toEqual([]))
        await paste(page, 'A warm little comedy with a great cast.')
        await chooseToken(page, 7)
        await expectMeasured(page, 'great → good')
        await expect(substitutes(page)).not.toContainText('·')
        await curvePanel(page).getByRole('button', { name: 'Pin', exact: true }).click()

        await test.step('tables, menus and lists open', async () => {
          await curvePanel(page).getByRole('button', { name: 'Table' }).click()
          await ripplePanel(page).getByRole('button', { name: 'Table' }).click()
          await page.getByText('Leave out').click()
          await page.getByText('The last layer, read as a sequence').click()
          await page.getByRole('button', { name: /^\d+ more$/ }).click()
          await page.getByRole('button', { name: 'Examples' }).click()
          await vocabularyField(page).fill('terri')
          expect(await violations(page)).toEqual([])
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
            expect(await violations(page, 'dialog[open]')).toEqual([])
            await page.keyboard.press('Escape')
          })
        }

        await test.step('a message, a text past the limit, the editor, no text', async () => {
          await paste(page, 'Far too long and far too slow. '.repeat(80))
          await page.getByRole('button', { name: 'JSON' }).click()
          await expect(page.locator('.notice')).toBeVisible()
          await expect(tokens(page).getByRole('note')).toBeVisible()
          expect(
            await violations(page, '.notices', '.review-head', '.review-limit', '.review-unread'),
          ).toEqual([])
          await page.getByRole('button', { name: 'Edit text' }).click()
          await page.keyboard.press('ControlOrMeta+a')
          await page.keyboard.press('Delete')
          expect(await violations(page)).toEqual([])
          await page.keyboard.press('Escape')
          expect(await violations(page)).toEqual([])
        })
      })

      test('nothing scrolls sideways but the charts in their frames', async ({ page }) => {
        await openApp(page)
        await expectMeasured(page, 'wonderful → delightful')
        const overflow = () =>
          page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        expect(await overflow()).toBeLessThanOrEqual(0)
        await paste(page, `${'incomprehensibilities'.repeat(20)} https://example.org/${'a'.repeat(200)}`)
        expect(await overflow()).toBeLessThanOrEqual(0)
      })
    })
  }
}

/** Longest transition or animation that any element would run, in seconds. */
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
  await expectMeasured(page, 'wonderful → delightful')
  expect(await longestMotion(page)).toBeGreaterThan(0.05)
})

test.describe('reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } })

  test('is respected everywhere', async ({ page }) => {
    await openApp(page)
    await expectMeasured(page, 'wonderful → delightful')
    await chooseToken(page, 24)
    await expectMeasured(page, 'actor → actors')
    expect(await longestMotion(page)).toBeLessThan(0.02)
  })
})
