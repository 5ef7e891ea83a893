import type { Page } from '@playwright/test'
import {
  announcement,
  cellsOf,
  chooseToken,
  curvePanel,
  expectMeasured,
  layerTable,
  openLive,
  paste,
  prediction,
  provenance,
  review,
  ripplePanel,
  substituteRows,
  substitutes,
  tokenAt,
  tokens,
  typeSubstitute,
} from './support/explore'
import { expectAddress } from './support/link'
import { expect, openApp } from './support/page'
import { test } from './support/tinySite'

/** Text in words of the tiny model. */
const SHORT = 'The film is good and the story is never dull.'
const REVIEW = 'A warm, clever little comedy with a great cast and not one wasted scene.'

const pins = (page: Page) => page.getByRole('region', { name: 'Pins' })

/** Returns all that a colleague compares: every number and label on the page. */
async function numbersOnScreen(page: Page) {
  await expect(substitutes(page)).not.toContainText('·')
  const pinCount = await pins(page).getByRole('listitem').count()
  await expect.poll(async () => (await layerTable(page))[0].length).toBeGreaterThan(pinCount)
  return {
    tokens: await tokens(page).textContent(),
    heading: await substitutes(page).locator('thead').textContent(),
    substitutes: await cellsOf(substitutes(page)),
    layers: await layerTable(page),
    series: await curvePanel(page).getByRole('table').locator('thead').textContent(),
    prediction: await prediction(page).textContent(),
    announcement: await announcement(page).textContent(),
    pins: await pins(page).textContent(),
    provenance: await provenance(page).textContent(),
  }
}

test("a review of one's own, from the paste to a colleague's screen", { tag: '@quick' }, async ({
  page,
  freshContext,
}) => {
  await openLive(page)

  await test.step('paste, click a word, choose another neighbour', async () => {
    await paste(page, REVIEW)
    await expect(tokens(page)).toHaveText(REVIEW)
    await chooseToken(page, 9)
    await expectMeasured(page, 'great → good')
    await expect(tokenAt(page, 9)).toHaveText('goodgreat')
    await expect(substituteRows(page).first().getByRole('radio')).toBeChecked()
    await substituteRows(page).nth(2).getByRole('radio').check()
    await expect(announcement(page)).not.toContainText('great → good:')
    await expect(announcement(page)).toContainText(/^great → \w+: distance/)
    await expect(tokenAt(page, 9)).not.toHaveText('goodgreat')
  })

  await test.step('type any vocabulary token, pin it', async () => {
    await typeSubstitute(page, 'terrible')
    await expectMeasured(page, 'great → terrible')
    await expect(substituteRows(page).filter({ hasText: 'terrible' }).getByRole('radio')).toBeChecked()
    await curvePanel(page).getByRole('button', { name: 'Pin', exact: true }).click()
    await expect(pins(page).getByRole('listitem')).toHaveText([/great → terrible/])
    await expect(curvePanel(page).getByRole('button', { name: 'Pinned' })).toBeVisible()
  })

  await test.step('hold it and substitute a second token on top', async () => {
    await page.getByRole('button', { name: /^Keep this change/ }).click()
    await expect(page.getByRole('region', { name: 'Held' })).toContainText('great → terrible')
    await chooseToken(page, 3)
    await expect(announcement(page)).toContainText(/^great → terrible \+ “,” → .+: distance/)
    await chooseToken(page, 2)
    await expect(announcement(page)).toContainText(/^great → terrible \+ warm → \w+: distance/)
    await expect(curvePanel(page).getByRole('slider')).toBeVisible()
    expect((await layerTable(page))[0]).toHaveLength(3)
  })

  await test.step('undo and redo, by button and by key', async () => {
    const two = await announcement(page).textContent()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(announcement(page)).toContainText('“,” → ')
    await page.keyboard.press('ControlOrMeta+z')
    await page.keyboard.press('ControlOrMeta+z')
    await expectMeasured(page, 'great → terrible')
    await expect(page.getByRole('region', { name: 'Held' })).toHaveCount(0)
    await page.keyboard.press('ControlOrMeta+z')
    await expect(pins(page).getByRole('listitem')).toHaveCount(0)
    await page.keyboard.press('ControlOrMeta+Shift+z')
    await expect(pins(page).getByRole('listitem')).toHaveCount(1)
    await page.keyboard.press('ControlOrMeta+y')
    await page.getByRole('button', { name: 'Redo' }).click()
    await page.getByRole('button', { name: 'Redo' }).click()
    await expect(announcement(page)).toHaveText(two ?? '')
    await expect(page.getByRole('button', { name: 'Redo' })).toHaveAttribute('aria-disabled', 'true')
  })

  await test.step('switch the norm', async () => {
    const before = await cellsOf(substitutes(page))
    await page.getByRole('radio', { name: 'l∞', exact: true }).check()
    await expect(substitutes(page).getByRole('columnheader', { name: 'shift l∞' })).toBeVisible()
    await expect(review(page)).toContainText('embedding shift, l∞')
    const after = await cellsOf(substitutes(page))
    expect(after.map(([token, cosine]) => [token, cosine])).toEqual(
      before.map(([token, cosine]) => [token, cosine]),
    )
    expect(after.map(([, , shift]) => shift)).not.toEqual(before.map(([, , shift]) => shift))
  })

  const mine = await numbersOnScreen(page)

  await test.step('a reload keeps the session, with and without the link', async () => {
    await page.reload()
    await expect(announcement(page)).toHaveText(mine.announcement ?? '')
    expect(await numbersOnScreen(page)).toEqual(mine)
    // Another document, so that it is a new visit and not a step within the page.
    await page.goto('about:blank')
    await openApp(page)
    await expect(announcement(page)).toHaveText(mine.announcement ?? '')
    expect(await numbersOnScreen(page)).toEqual(mine)
  })

  await test.step('a colleague opens the link and sees the same', async () => {
    await page.getByRole('button', { name: 'Share' }).click()
    const dialog = page.getByRole('dialog', { name: 'Share' })
    await dialog.getByRole('button', { name: 'Copy link' }).click()
    await expect(dialog.getByText('Copied.', { exact: true })).toBeVisible()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    await expect(dialog.getByRole('textbox', { name: 'Link to this session' })).toHaveValue(link)
    await expect(page).toHaveURL(link)
    await page.close()

    const colleague = await (await freshContext()).newPage()
    await openLive(colleague, new URL(link).hash)
    await expect(announcement(colleague)).toHaveText(mine.announcement ?? '')
    expect(await numbersOnScreen(colleague)).toEqual(mine)
    await expect(colleague.locator('.notice')).toHaveCount(0)
  })
})

/** Opens the page with the tiny model, and gives what is said of the example's change. */
async function openTiny(page: Page, url: string): Promise<string> {
  await openLive(page, '', url)
  await expect(provenance(page)).toContainText('tiny-bert')
  return (await announcement(page).textContent()) ?? ''
}

test('back and forward go through the steps', async ({ page, tinySite }) => {
  const example = await openTiny(page, tinySite)
  await paste(page, SHORT)
  await chooseToken(page, 4)
  await expect(announcement(page)).toContainText(/^good → .+: distance/)
  const nearest = (await announcement(page).textContent()) ?? ''
  await expectAddress(page, 4)
  const first = page.url()
  await typeSubstitute(page, 'terrible')
  await expectMeasured(page, 'good → terrible')
  await expect(page).not.toHaveURL(first)
  const second = page.url()
  await page.getByRole('radio', { name: 'l1', exact: true }).check()
  await expect(page).not.toHaveURL(second)

  await page.goBack()
  await expect(page.getByRole('radio', { name: 'l2', exact: true })).toBeChecked()
  await page.goBack()
  await expect(announcement(page)).toHaveText(nearest)
  await expect(page).toHaveURL(first)
  await page.goForward()
  await expectMeasured(page, 'good → terrible')
  await expect(page).toHaveURL(second)
  await page.goBack()
  await page.goBack()
  await expect(tokens(page)).toHaveText(SHORT)
  await expect(announcement(page)).toBeEmpty()
  await page.goBack()
  await expect(announcement(page)).toHaveText(example)
})

test('pins keep their own text, and are shown again or removed', async ({ page, tinySite }) => {
  const example = await openTiny(page, tinySite)
  await curvePanel(page).getByRole('button', { name: 'Pin', exact: true }).click()
  await paste(page, SHORT)
  await chooseToken(page, 4)
  await expect(announcement(page)).toContainText(/^good → .+: distance/)
  // The pin's own measurement may come last.
  await expect.poll(async () => (await layerTable(page))[0]).toHaveLength(3)
  const [change] = example.split(': distance')
  await pins(page).getByRole('button', { name: change, exact: true }).click()
  await expect(announcement(page)).toHaveText(example)
  await expect(review(page)).toContainText('three points for the dragon')
  await pins(page)
    .getByRole('button', { name: /^Remove the pin/ })
    .click()
  await expect(pins(page).getByRole('listitem')).toHaveCount(0)
  await expect(announcement(page)).toHaveText(example)
})

test('the ripple map reads values and closest tokens, and chooses a position', async ({ page }) => {
  await openLive(page)
  await paste(page, REVIEW)
  await chooseToken(page, 9)
  await expectMeasured(page, 'great → good')
  const map = ripplePanel(page).getByRole('slider')
  const box = await map.boundingBox()
  if (!box) throw new Error('the map has no place on the page')
  await map.hover({ position: { x: box.width / 2, y: 20 } })
  const readout = ripplePanel(page).getByText(/^layer \d+, position \d+ [^:]+: [\d.e-]+, reads as \S+$/)
  await expect(readout).toBeVisible()
  const [, layer, position, , distance] =
    /^layer (\d+), position (\d+) ([^:]+): (\S+),/.exec((await readout.textContent()) ?? '') ?? []
  await ripplePanel(page).getByRole('button', { name: 'Table' }).click()
  const cells = await cellsOf(ripplePanel(page).getByRole('table'))
  expect(cells[Number(position)][Number(layer) + 1]).toBe(distance)
  await map.click({ position: { x: box.width / 2, y: 20 } })
  await expect(tokenAt(page, Number(position))).toHaveAttribute('aria-pressed', 'true')

  const reading = page.getByRole('region', { name: 'Closest word at each layer' })
  await expect(reading.getByRole('table').locator('tbody tr')).toHaveCount(7)
  await reading.getByRole('checkbox', { name: 'all layers' }).check()
  await expect(reading.getByRole('table').locator('tbody tr')).toHaveCount(13)
  await reading.getByText('The last layer, read as a sequence').click()
  await expect(reading.locator('.last-layer span')).toHaveCount(18)
})
