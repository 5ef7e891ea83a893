import type { Page } from '@playwright/test'
import { EXAMPLES } from '../src/state/learn/examples'
import { LEARN_EXAMPLES } from '../src/state/learn/learnExamples'
import { GLOSSARY } from '../src/views/glossary'
import { expectAccessible } from './support/axe'
import { CORPUS_NOISE } from './support/corpus'
import { chooseToken, expectMeasured, openLive, substitutes, tokenAt } from './support/explore'
import { expectVisibleFocus, tabTo } from './support/keyboard'
import { expectAddress, linkOf } from './support/link'
import { expect, openApp, test } from './support/page'

const STEPS = 6
/** Time longer than the page waits before it begins a tour, ms of its own clock. */
const LONG_ENOUGH = 4000

const tour = (page: Page) => page.locator('.tour')
const help = (page: Page) => page.getByRole('button', { name: /^Help/ })
const helpDialog = (page: Page) => page.getByRole('dialog', { name: 'What is measured' })
const story = (page: Page) => page.getByRole('dialog', { name: /^Learn/ })

/** Expects the words of the tour in sight, and no pixel of them on what they explain. */
async function expectBeside(page: Page): Promise<void> {
  await expect(tour(page)).toBeInViewport({ ratio: 0.99 })
  await expect(page.locator('.tour-ring')).toBeVisible()
  // Both at one moment: they move with what they explain.
  const [explained, words] = await page
    .locator('.tour-ring, .tour')
    .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().toJSON() as DOMRect))
  const apart =
    words.right <= explained.left ||
    explained.right <= words.left ||
    words.bottom <= explained.top ||
    explained.bottom <= words.top
  expect(apart, JSON.stringify({ words, explained })).toBe(true)
  await expect(page.locator('.tour-ring')).toBeInViewport({ ratio: 0.3 })
}

const VIEWPORTS = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }

for (const [device, viewport] of Object.entries(VIEWPORTS)) {
  test.describe(`the tour, ${device}`, () => {
    test.use({ tourLeft: false, viewport })

    test('comes at a first visit, beside what it explains, and not again once left', async ({ page }) => {
      await page.clock.install()
      await openApp(page)
      await expect(tour(page)).toBeVisible()
      expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true)
      for (let step = 1; step <= STEPS; step++) {
        await expect(tour(page)).toContainText(`step ${step} of ${STEPS}`)
        await expectBeside(page)
        const next = tour(page).getByRole('button', { name: step < STEPS ? 'Next' : 'Done' })
        await next.click()
      }
      await expect(tour(page)).toHaveCount(0)
      await page.reload()
      await expectMeasured(page, 'seven → 7')
      await page.clock.runFor(LONG_ENOUGH)
      await expect(tour(page)).toHaveCount(0)
    })
  })
}

test.describe('the tour', () => {
  test.use({ tourLeft: false })

  test('is left by Escape from anywhere, stays away, and begins again from Help', async ({ page }) => {
    await openApp(page)
    await expect(tour(page)).toBeVisible()
    await tabTo(page, tour(page).getByRole('button', { name: 'Next' }))
    await page.keyboard.press('Enter')
    await expect(tour(page)).toContainText('step 2')
    await expect(tour(page)).toBeFocused()
    await tabTo(page, tour(page).getByRole('button', { name: 'Back' }))
    await page.keyboard.press('Enter')
    await expect(tour(page)).toContainText('step 1')
    await page.keyboard.press('Escape')
    await expect(tour(page)).toHaveCount(0)
    await expectVisibleFocus(page)
    expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true)

    await help(page).focus()
    await page.keyboard.press('Enter')
    await tabTo(page, helpDialog(page).getByRole('button', { name: 'Take the tour' }))
    await page.keyboard.press('Enter')
    await expect(tour(page)).toBeFocused()
    await expect(helpDialog(page)).toBeHidden()
    await page.keyboard.press('Escape')
    await expect(tour(page)).toHaveCount(0)
    await expect(help(page)).toBeFocused()
  })

  test('leaves the page usable meanwhile', async ({ page }) => {
    await openApp(page)
    await expect(tour(page)).toBeVisible()
    await chooseToken(page, 15)
    await expectMeasured(page, 'tavern → restaurant')
    await expect(tour(page)).toBeVisible()
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog', { name: 'Share' })).toBeHidden()
    await expect(tour(page), 'Escape closed the dialog alone').toBeVisible()
    await page.getByRole('button', { name: 'Corpus', exact: true }).click()
    await expect(tour(page)).toHaveCount(0)
    await page.getByRole('button', { name: 'Explore', exact: true }).click()
    await tour(page).getByRole('button', { name: 'Leave the tour' }).click()
    await expect(tour(page)).toHaveCount(0)
  })

  test('opens at the step of a lesson’s link, asks for a guess, and says what came of it', async ({
    page,
  }) => {
    await openApp(page, '', './?step=2')
    await expect(tour(page)).toContainText('step 2 of 6')
    await expect(tour(page)).toContainText('Guess first: “none”')
    await tour(page).getByRole('button', { name: 'Same label' }).click()
    await expectMeasured(page, 'none → nothing')
    await expect(tour(page).getByRole('status')).toHaveText(
      /^You guessed right: NEGATIVE goes from 0\.\d{3} to 0\.\d{3}, and the label stays the same\./,
    )
    await tour(page).getByRole('button', { name: 'Back' }).click()
    await expect(tour(page).getByRole('status')).toHaveText('Try it: choose another word.')
    await chooseToken(page, 15)
    await expect(tour(page).getByRole('status')).toHaveText(/^Done: “tavern” is replaced now/)
    await tour(page).getByRole('button', { name: 'Copy link' }).click()
    await expect(page.locator('.notice')).toContainText('The link to this step was copied.')
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(link).toMatch(/\/\?step=1#v1\./)
    await page.goto(link)
    await page.reload()
    await expect(tour(page)).toContainText('step 1 of 6')
    await expectMeasured(page, 'tavern → restaurant')
  })

  test('does not come to somebody who opens a link', async ({ page }) => {
    await page.clock.install()
    await openLive(page, linkOf([['A warm little comedy with a great cast.'], '', '', 7]))
    await expectMeasured(page, 'great → good')
    await page.clock.runFor(LONG_ENOUGH)
    await expect(tour(page)).toHaveCount(0)
  })
})

test('the glossary says of every term what it is and where it is from', async ({ page }) => {
  await openApp(page)
  await help(page).click()
  await expect(helpDialog(page).locator('dt', { hasText: 'Identifiability' })).toBeVisible()
  const entries = helpDialog(page).locator('.glossary > div')
  await expect(entries).toHaveCount(GLOSSARY.length)
  for (const entry of await entries.all()) await expect(entry.locator('dd .soft')).toHaveText(/^\(.+\)$/)
})

async function openStory(page: Page): Promise<void> {
  await help(page).click()
  await helpDialog(page).getByRole('button', { name: /story/ }).click()
  await expect(story(page).getByRole('heading', { level: 3 })).toHaveCount(4)
}

test.describe('the story', () => {
  // The noise of its example in Corpus.
  test.use({ allowedProblems: CORPUS_NOISE })

  test('tells the shipped run beside the paper, and what is on screen; its examples open behind it', async ({
    page,
  }) => {
    await openLive(page)
    // The page's first entry in the browser's history holds its session from now on.
    await expectAddress(page, EXAMPLES[0].position)
    await openStory(page)
    await expect(story(page)).toContainText('Numbers of the run that ships with the page')
    const verdicts = story(page).getByRole('list', { name: 'This run against the paper' })
    await expect(verdicts).toHaveCount(3)
    for (const list of await verdicts.all()) {
      await expect(list.getByRole('listitem').first()).toHaveText(/^(agrees|differs) /)
    }
    await expect(story(page)).toContainText('The smallest shifts of the review on screen are those of the')
    await expect(story(page)).toContainText('On screen, seven → 7: the distance goes from')
    await expect(story(page)).toContainText(/On screen, seven reads as itself in \d+ of 13 layers/)
    await expect(story(page)).toContainText(/On screen, of \d+ measured substitutes/)

    await test.step('a review; the browser’s back button returns', async () => {
      await story(page)
        .getByRole('link', { name: /ashamed/ })
        .click()
      await expect(story(page)).toBeHidden()
      await expectMeasured(page, 'ashamed → embarrassed')
      await expect(tokenAt(page, 40)).toHaveAttribute('aria-pressed', 'true')
      await page.goBack()
      await expectMeasured(page, 'seven → 7')
    })

    await test.step('the figures of the run', async () => {
      await openStory(page)
      await story(page)
        .getByRole('link', { name: /^Corpus/ })
        .first()
        .click()
      await expect(page.locator('#corpus')).toBeVisible()
    })
  })
})

test('every example of the story is a link for somebody else', async ({ page, freshContext }) => {
  await openApp(page)
  await openStory(page)
  const links = story(page).getByRole('link', { name: /^Explore/ })
  const expected = Object.values(LEARN_EXAMPLES)
    .flat()
    .filter(({ session }) => session.view === 'explore')
  await expect(links).toHaveCount(expected.length)
  const address = await links.last().getAttribute('href')
  const guest = await (await freshContext()).newPage()
  await openLive(guest, address ?? '')
  await expectMeasured(guest, 'best → worst')
  await expect(substitutes(guest)).toContainText('worst')
})

for (const [device, viewport] of Object.entries(VIEWPORTS)) {
  test.describe(`looked at, ${device}`, () => {
    test.use({ viewport, tourLeft: false, contextOptions: { reducedMotion: 'reduce' } })

    test('axe finds nothing to object to in tour, help and story; nothing moves', async ({ page }) => {
      await openApp(page)
      await expect(tour(page)).toBeVisible()
      const motion = await tour(page).evaluate((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element)
        return { transitionDuration, animationName }
      })
      expect(motion).toEqual({ transitionDuration: '0s', animationName: 'none' })
      await expectAccessible(page, '.tour', '.topbar')
      await page.keyboard.press('Escape')
      await help(page).click()
      await expect(helpDialog(page).locator('.glossary')).toBeVisible()
      await expectAccessible(page, 'dialog[open]')
      await page.keyboard.press('Escape')
      await openStory(page)
      await expect(story(page).getByRole('list', { name: 'This run against the paper' })).toHaveCount(3)
      await expectAccessible(page, 'dialog[open]')
    })
  })
}
