import type { Page } from '@playwright/test'
import { csvParse } from 'd3-dsv'
import { ripplePanel } from './explore'
import { chooseExport, downloadText, expect } from './page'

/** Chooses what the ripple shows. */
export async function chooseReading(
  page: Page,
  name: 'distance' | 'restored' | 'transferred',
): Promise<void> {
  await ripplePanel(page).getByRole('radio', { name, exact: true }).check()
}

export const sweepButton = (page: Page) => ripplePanel(page).getByRole('button', { name: /sweep/i })

/** Sweeps over all states and waits for the end. */
export async function sweepAll(page: Page): Promise<void> {
  await sweepButton(page).click()
  await expect(ripplePanel(page).getByText(/^All \d+ runs are done\.$/)).toBeVisible()
}

/** Returns the runs of the ripple's CSV by what they are of: `cell 2 5`, `own 3`, `position 4`. */
export async function sweptValues(page: Page, title: string): Promise<Map<string, number>> {
  const csv = await downloadText(page, () => chooseExport(page, title, 'CSV'))
  const rows = csvParse(csv).map(
    ({ part, layer, position, value }) => [`${part} ${layer} ${position}`, value] as const,
  )
  return new Map(rows.filter(([, value]) => value !== '').map(([key, value]) => [key, Number(value)]))
}
