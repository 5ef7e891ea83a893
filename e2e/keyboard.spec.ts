import {
  announcement,
  chooseToken,
  curvePanel,
  expectMeasured,
  openLive,
  review,
  ripplePanel,
  substitutes,
  tokenAt,
  vocabularyField,
} from './support/explore'
import { expectVisibleFocus, tabTo } from './support/keyboard'
import { linkOf } from './support/link'
import { download, expect } from './support/page'
import { test } from './support/tinySite'

const REVIEW = 'A warm, clever little comedy with a great cast and not one wasted scene.'

test('the whole journey by keyboard alone, the focus always in sight', async ({ page }) => {
  const { keyboard } = page
  await openLive(page)

  await test.step('skip to the review, edit it', async () => {
    await tabTo(page, page.getByRole('button', { name: 'Skip to the review' }))
    await keyboard.press('Enter')
    await expect(tokenAt(page, 1)).toBeFocused()
    await tabTo(page, page.getByRole('button', { name: 'Edit text' }), 'Shift+Tab')
    await keyboard.press('Enter')
    await expect(page.getByRole('textbox', { name: 'Text of the review' })).toBeFocused()
    await expectVisibleFocus(page)
    await keyboard.press('ControlOrMeta+a')
    await keyboard.type(REVIEW)
    await keyboard.press('ControlOrMeta+Enter')
    await expect(page.getByRole('button', { name: 'Edit text' })).toBeFocused()
    await expect(tokenAt(page, 9)).toHaveText('great')
  })

  await test.step('walk to a token and choose it', async () => {
    await tabTo(page, tokenAt(page, 1))
    for (let step = 0; step < 8; step++) await keyboard.press('ArrowRight')
    await expect(tokenAt(page, 9)).toBeFocused()
    await expectVisibleFocus(page)
    await keyboard.press('Enter')
    await expectMeasured(page, 'great → good')
    await expect(tokenAt(page, 9)).toBeFocused()
  })

  await test.step('another norm, another neighbour', async () => {
    await tabTo(page, page.getByRole('radio', { name: 'l2', exact: true }))
    await keyboard.press('ArrowRight')
    await expect(page.getByRole('radio', { name: 'l∞', exact: true })).toBeChecked()
    await expectVisibleFocus(page)
    await tabTo(page, substitutes(page).getByRole('radio', { checked: true }))
    await keyboard.press('ArrowDown')
    await expect(substitutes(page).getByRole('radio').nth(1)).toBeChecked()
    await expectVisibleFocus(page)
    await expect(announcement(page)).not.toContainText('great → good:')
    await expect(announcement(page)).toContainText(/^great → \S+: distance/)
  })

  await test.step('any token of the vocabulary', async () => {
    await tabTo(page, vocabularyField(page))
    await keyboard.type('terr')
    await expect(vocabularyField(page)).toHaveAttribute('aria-expanded', 'true')
    const option = page.getByRole('option', { selected: true })
    const first = await option.textContent()
    await keyboard.press('ArrowDown')
    await expect(option).not.toHaveText(first ?? '')
    const second = await option.textContent()
    await keyboard.press('Enter')
    await expectMeasured(page, `great → ${second}`)
    await expect(vocabularyField(page)).toBeFocused()
    await keyboard.type('terrible')
    await keyboard.press('Enter')
    await expectMeasured(page, 'great → terrible')
  })

  await test.step('pin it, hold it, and change a second token', async () => {
    await tabTo(page, curvePanel(page).getByRole('button', { name: 'Pin', exact: true }))
    await keyboard.press('Enter')
    await expect(page.getByRole('region', { name: 'Pins' }).getByRole('listitem')).toHaveCount(1)
    await tabTo(page, page.getByRole('button', { name: /^Keep this change/ }), 'Shift+Tab')
    await keyboard.press('Enter')
    await expect(page.getByRole('region', { name: 'Held' })).toContainText('great → terrible')
    await expect(review(page).locator('[data-roving][tabindex="0"]')).toBeFocused()
    await keyboard.press('Home')
    await keyboard.press('ArrowRight')
    await expect(tokenAt(page, 2)).toBeFocused()
    await keyboard.press('Space')
    await expect(announcement(page)).toContainText(/^great → terrible \+ warm → \S+: distance/)
  })

  await test.step('read the curve and the map', async () => {
    const curve = curvePanel(page).getByRole('slider')
    await tabTo(page, curve)
    await keyboard.press('End')
    await expect(curve).toHaveAttribute('aria-valuenow', '12')
    await expect(curvePanel(page).locator('[aria-live]')).toHaveText(/^layer 12: great → terrible .*\d/)
    const map = ripplePanel(page).getByRole('slider')
    await tabTo(page, map)
    await keyboard.press('Home')
    await keyboard.press('ArrowRight')
    await expect(map).toHaveAttribute('aria-valuetext', /position 1,/)
    await expect(ripplePanel(page).locator('[aria-live]')).toHaveText(/position 1 a: [\d.e-]+, reads as \S+/)
    await keyboard.press('Enter')
    await expect(tokenAt(page, 1)).toHaveAttribute('aria-pressed', 'true')
    await expect(announcement(page)).toContainText(/^great → terrible \+ a → \S+: distance/)
    await expect(map).toBeFocused()
    await keyboard.press('ControlOrMeta+z')
    await expect(announcement(page)).toContainText('warm →')
  })

  await test.step('take the numbers away, share them', async () => {
    await tabTo(page, page.getByRole('button', { name: 'Layers as CSV' }))
    const csv = await download(page, () => keyboard.press('Enter'))
    expect(csv.bytes.toString()).toContain('great → terrible')
    const share = page.getByRole('button', { name: 'Share' })
    await tabTo(page, share, 'Shift+Tab')
    await keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Share' })
    await tabTo(page, dialog.getByRole('button', { name: 'Copy link' }))
    await keyboard.press('Enter')
    await expect(dialog.getByText('Copied.', { exact: true })).toBeVisible()
    await keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(share).toBeFocused()
  })

  await test.step('another example from the menu', async () => {
    const menu = page.getByRole('button', { name: 'Examples' })
    await tabTo(page, menu, 'Shift+Tab')
    await keyboard.press('Enter')
    await tabTo(page, page.getByRole('button', { name: 'A borrowed twist' }))
    await keyboard.press('Enter')
    await expect(menu).toBeFocused()
    await expect(tokenAt(page, 53)).toHaveAttribute('aria-pressed', 'true')
  })
})

test('a token keeps the focus when its substitute takes its place', async ({ page, tinySite }) => {
  await openLive(page, linkOf([['The film is good.']]), tinySite)
  await chooseToken(page, 4)
  await expect(announcement(page)).toContainText(/^good → .+: distance/)
  await expect(tokenAt(page, 4)).toBeFocused()
})
