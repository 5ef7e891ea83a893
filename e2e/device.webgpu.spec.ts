import { cellsOf, modelLine, openLive } from './support/explore'
import { expect } from './support/page'
import { test } from './support/tinySite'

test('a model without a reference is compared on WebGPU and WASM, whichever answers', async ({
  page,
  tinySite,
}) => {
  await openLive(page, '', tinySite)
  await modelLine(page).click()
  const dialog = page.getByRole('dialog', { name: 'Model' })
  const compared = async (button: string) => {
    await dialog.getByRole('button', { name: button }).click()
    await expect(dialog).toContainText(/WebGPU and WASM × \d agree on tiny-bert/)
    const table = dialog.getByRole('table', { name: /Largest differences of WebGPU from WASM/ })
    const rows = await cellsOf(table)
    expect(rows).toHaveLength(4)
    for (const [measure, largest] of rows) expect(Number(largest), measure).toBeLessThan(1e-4)
    await expect(dialog.getByText('Speed, WebGPU')).toBeVisible()
    await expect(dialog.getByText(/Speed, WASM × \d/)).toBeVisible()
  }
  await compared('Check my device')
  await dialog.getByRole('radio', { name: 'WebGPU' }).check()
  await expect(modelLine(page)).toContainText('WebGPU')
  await compared('Check again')
})
