import { announcement, chooseToken, openLive, paste, review, tokenAt, tokens } from './support/explore'
import { expect } from './support/page'
import { test } from './support/tinySite'

const SENTENCE = 'The film is long, and nothing in it is ever in a hurry to end. '

test('marks where the model stops reading', async ({ page }) => {
  await openLive(page)
  await paste(page, SENTENCE.repeat(60))
  await expect(review(page).getByRole('heading')).toContainText('1,022 / 512 tokens, cut at the limit')
  const mark = review(page).getByRole('note')
  await expect(mark).toHaveText('the model stops reading here (512 tokens)')
  await expect(tokenAt(page, 510)).toBeVisible()
  await expect(tokenAt(page, 511)).toHaveCount(0)
  const read = await tokens(page).evaluate((group) => {
    const range = document.createRange()
    const note = group.querySelector('[role="note"]')
    range.setStart(group, 0)
    if (note) range.setEndBefore(note)
    return range.toString()
  })
  // 17 tokens a sentence, so the 510 between [CLS] and [SEP] are 30 sentences.
  expect(read.trim()).toBe(SENTENCE.repeat(30).trim())
  await chooseToken(page, 510)
  await expect(announcement(page)).toContainText(/distance [\d.]+ at layer 12/)

  await test.step('after fast clicks the reading table is of the last one, and stays so', async () => {
    const rows = page.getByRole('region', { name: 'Closest word at each layer' }).locator('tbody tr')
    const words = ['film', 'long', 'nothing', 'ever', 'hurry']
    const positions = [2, 4, 7, 11, 14].map((position) => 20 * 17 + position)
    for (const position of positions) await tokenAt(page, position).dispatchEvent('click')
    const last = words.at(-1) ?? ''
    await expect(tokenAt(page, positions[4])).toHaveAttribute('aria-pressed', 'true')
    // At the embedding layer the original's state reads as the token itself.
    await expect(rows.first()).toContainText(last)
    await expect(rows.first().locator('xpath=ancestor::*[contains(@class, "stale")]')).toHaveCount(0)
    await expect(announcement(page)).toContainText(new RegExp(`^${last} → \\S+: distance`))
    await expect(rows.first()).toContainText(last)
    for (const word of words.slice(0, -1)) await expect(rows.first()).not.toContainText(word)
  })
})

test('a megabyte of text stays usable', async ({ page, tinySite }) => {
  await openLive(page, '', tinySite)
  await paste(page, SENTENCE.repeat(Math.ceil(1e6 / SENTENCE.length)))
  await expect(review(page).getByRole('heading')).toContainText('/ 64 tokens, cut at the limit')
  await expect(review(page)).toContainText(/… and 99\d,\d{3} more characters/)
  await chooseToken(page, 2)
  await expect(announcement(page)).toContainText(/^film → \S+: distance/)

  await page.getByRole('button', { name: 'Edit text' }).click()
  const field = page.getByRole('textbox', { name: 'Text of the review' })
  await expect(field).toBeFocused()
  await expect(review(page)).toContainText('stay as they are')
  await page.keyboard.press('ControlOrMeta+Home')
  await page.keyboard.type('Well. ')
  await page.keyboard.press('Escape')
  await expect(tokenAt(page, 1)).toHaveText('Well')
  await page.getByRole('button', { name: 'Share' }).click()
  await expect(page.getByRole('dialog', { name: 'Share' })).toContainText('too long for a link')
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(tokens(page)).toContainText('Well. The film is long')
})
