import { readFileSync } from 'node:fs'
import { fallbackFonts, STYLE_SHEET } from '../scripts/fallbackFonts.mjs'
import { expect, openApp, test } from './support/page'

test('the stand-ins for the page’s own fonts have their metrics', async ({ page }) => {
  expect(readFileSync(STYLE_SHEET, 'utf8')).toBe(await fallbackFonts(page))
})

test('fonts, language and time zone are those of the repository, whatever the machine has', async ({
  page,
  context,
}) => {
  await openApp(page)
  await context.grantPermissions(['local-fonts'])
  // The list of fonts is given after a click or key only.
  await page.keyboard.press('Shift')
  const machine = await page.evaluate(async () => {
    const { queryLocalFonts } = window as unknown as { queryLocalFonts(): Promise<{ family: string }[]> }
    return {
      fonts: [...new Set((await queryLocalFonts()).map(({ family }) => family.split(' ')[0]))].sort(),
      languages: navigator.languages,
      ...new Intl.DateTimeFormat().resolvedOptions(),
    }
  })
  expect(machine).toMatchObject({
    fonts: ['DejaVu', 'Liberation'],
    languages: ['en-US'],
    locale: 'en-US',
    timeZone: 'UTC',
  })
})
