import type { Page } from '@playwright/test'
import { expectAccessible, overflow } from './support/axe'
import { chooseToken, curvePanel, openLive, paste, ripplePanel } from './support/explore'
import { expect } from './support/page'
import { chooseReading, sweepAll, sweepButton, sweptValues } from './support/patching'
import { test } from './support/tinySite'

const TITLE = 'Ripple restored: layers by positions'

/** Opens a page on which one token of a short review is changed. */
async function openChanged(page: Page, url: string): Promise<void> {
  await openLive(page, '', url)
  await paste(page, 'Dull, but never boring.')
  await chooseToken(page, 1)
}

const map = (page: Page) => ripplePanel(page).getByRole('slider')

test('a cell tells its share by keyboard, a sweep stops, goes on and is saved', async ({
  page,
  tinySite,
}) => {
  await openChanged(page, tinySite)
  await chooseReading(page, 'restored')
  await map(page).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('PageUp')
  await expect(map(page)).toHaveAttribute('aria-valuetext', 'position 0, layer 3')
  await page.keyboard.press('Enter')
  // The head reads [CLS] alone: its last state restored, the answer is the original's.
  await expect(ripplePanel(page).getByText(/Layer 3, position 0/)).toContainText(/100% · leads to/)
  // A screen reader says it without being asked.
  await expect(ripplePanel(page).locator('.ripple-chosen')).toHaveAttribute('aria-live', 'polite')

  await sweepButton(page).click()
  const stop = ripplePanel(page).getByRole('button', { name: 'Stop' })
  await expect(stop.or(ripplePanel(page).getByText(/runs are done/))).toBeVisible()
  if (await stop.isVisible()) {
    await stop.click({ timeout: 1000 }).catch(() => undefined)
    const done = ripplePanel(page).getByText(/runs are done/)
    await expect(sweepButton(page).or(done)).toBeVisible()
    if (await sweepButton(page).isVisible()) await sweepAll(page)
  }
  await expect(ripplePanel(page).getByText(/runs are done/)).toBeVisible()
  const values = await sweptValues(page, TITLE)
  const size = await map(page).getAttribute('aria-valuemax')
  expect([...values.keys()].filter((key) => key.startsWith('cell 3'))).toHaveLength(Number(size) + 1)
  expect([...values.keys()].filter((key) => key.startsWith('position'))).toHaveLength(Number(size) + 1)
})

test('a link carries the reading of the ripple and the curve, and what is asked again is from memory', async ({
  page,
  tinySite,
  freshContext,
}) => {
  await openChanged(page, tinySite)
  await chooseReading(page, 'transferred')
  await curvePanel(page).getByRole('radio', { name: 'answer' }).check()
  const answer = page.getByRole('region', { name: 'Answer by layer' })
  await expect(answer.getByText(/trained for the last layer only/)).toBeVisible()
  await expect(page).toHaveURL(/#v1\./)
  const colleague = await (await freshContext()).newPage()
  // The address is written a moment after the last change.
  await expect(async () => {
    await colleague.goto('about:blank')
    await colleague.goto(page.url())
    await expect(ripplePanel(colleague).getByRole('radio', { name: 'transferred' })).toBeChecked()
    await expect(colleague.getByRole('region', { name: 'Answer by layer' })).toBeVisible()
  }).toPass()

  await chooseReading(page, 'restored')
  await sweepAll(page)
  await chooseToken(page, 3)
  await expect(sweepButton(page)).toBeVisible()
  await chooseToken(page, 1)
  await expect(ripplePanel(page).getByText(/runs are done/)).toBeVisible()
  await answer.getByRole('radio', { name: 'effect' }).check()
  await expect(
    page.getByRole('region', { name: 'Effect by layer' }).getByText(/carry the whole effect/),
  ).toBeVisible()

  // Both new readings are within reach of assistive technology, and of 320 px.
  await expectAccessible(page, '.charts')
  await page.setViewportSize({ width: 320, height: 640 })
  await expect.poll(() => overflow(page)).toBe(0)
})
