import type { Page, Route } from '@playwright/test'
import { expectAccessible } from './support/axe'
import { cellsOf, modelLine, openLive } from './support/explore'
import { expect } from './support/page'
import { test } from './support/tinySite'

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Model' })
const check = (page: Page) => dialog(page).getByRole('button', { name: 'Check my device' })

async function openPanel(page: Page, url?: string): Promise<void> {
  await openLive(page, '', url)
  await modelLine(page).click()
  await expect(check(page)).toBeEnabled()
}

test('it stops when asked; WASM gives PyTorch’s numbers, and the report says on what and how fast', async ({
  page,
}) => {
  let stop = () => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  const holdOnce = async (route: Route) => {
    await stopped
    await route.continue()
  }
  await page.route('**/reference/built-in.json', holdOnce, { times: 1 })
  await openPanel(page)
  await expectAccessible(page, 'dialog[open]')
  await check(page).click()
  await dialog(page).getByRole('button', { name: 'Stop' }).click()
  stop()
  await expect(dialog(page)).toContainText('The check was stopped.')
  await expect(dialog(page).getByRole('table')).toHaveCount(0)
  await check(page).click()
  await expect(dialog(page).getByRole('progressbar', { name: 'Device check' })).toBeVisible()
  await expect(dialog(page)).toContainText('The numbers can be trusted: on WASM')
  const rows = await cellsOf(dialog(page).getByRole('table', { name: /differences from PyTorch/ }))
  expect(rows.map(([measure]) => measure)).toEqual([
    'Distance by layer, D_l',
    'Embedding shift',
    'Cosine of neighbours',
    'Logits',
  ])
  for (const [measure, largest] of rows) expect(Number(largest), measure).toBeLessThan(1e-4)
  await expect(dialog(page)).toContainText(/[\d,]+ tokens per second/)
  await dialog(page).getByRole('button', { name: 'Copy the report' }).click()
  await expect(dialog(page)).toContainText('Copied.')
  const report = await page.evaluate(() => navigator.clipboard.readText())
  expect(report).toContain('the numbers are those of PyTorch')
  expect(report).toMatch(/Device: WASM × \d/)
  expect(report).toMatch(/Speed, WASM × \d+: \d+ tokens per second/)
  expect(report).toContain(await page.evaluate(() => navigator.userAgent))

  await page.keyboard.press('Escape')
  await modelLine(page).click()
  await expect(dialog(page), 'the report stays').toContainText('The numbers can be trusted')
  await expectAccessible(page, 'dialog[open]')
})

test('numbers that are not PyTorch’s are not to be trusted, and it says so', async ({ page }) => {
  await page.route('**/reference/built-in.json', async (route) => {
    const response = await route.fetch()
    const reference = await response.json()
    reference.cases.splice(1)
    reference.cases[0].measurements[0].distances[5] *= 1.01
    await route.fulfill({ response, json: reference })
  })
  await openPanel(page)
  await check(page).click()
  await expect(dialog(page)).toContainText('Do not trust the numbers of WASM')
  const rows = await cellsOf(dialog(page).getByRole('table', { name: /differences from PyTorch/ }))
  expect(rows[0][1]).toMatch(/^over: 9\.9\de-3$/)
  await dialog(page).getByRole('button', { name: 'Copy the report' }).click()
  await expect(dialog(page)).toContainText('Copied.')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('NOT THOSE OF PYTORCH')
})

test('another model is measured, and the program that compares it with PyTorch is there to copy', async ({
  page,
  tinySite,
}) => {
  await openPanel(page, tinySite)
  await check(page).click()
  await expect(dialog(page)).toContainText('PyTorch’s numbers of tiny-bert do not come with the page')
  await expect(dialog(page)).toContainText('this browser offers no WebGPU beside WASM')
  const rows = await cellsOf(dialog(page).getByRole('table', { name: /Distance by layer on WASM/ }))
  expect(rows.map(([layer]) => layer)).toEqual(['0', '1', '2', '3'])
  await dialog(page).getByRole('button', { name: 'Copy as Python' }).click()
  await expect(dialog(page)).toContainText('Copied.')
  const program = await page.evaluate(() => navigator.clipboard.readText())
  const [, here] = /HERE = \[(.*)\]/.exec(program) ?? []
  const shown = rows.map(([, distance]) => Number(distance))
  for (const [layer, distance] of here.split(', ').entries()) {
    expect(Number(distance)).toBeCloseTo(shown[layer], 3)
  }
  await expectAccessible(page, 'dialog[open]')
})
