import { chooseToken, modelLine, openLive, paste, provenance } from './support/explore'
import { expect } from './support/page'
import { chooseReading, sweepAll, sweptValues } from './support/patching'
import { test } from './support/tinySite'

const TITLE = 'Ripple restored: layers by positions'

test('runs with states of the other text give the same on WebGPU as on WASM', async ({ page, tinySite }) => {
  await openLive(page, '', tinySite)
  await paste(page, 'Dull, but never boring.')
  await chooseToken(page, 1)
  await chooseReading(page, 'restored')
  await sweepAll(page)
  const wasm = await sweptValues(page, TITLE)

  await modelLine(page).click()
  const dialog = page.getByRole('dialog', { name: 'Model' })
  await dialog.getByRole('radio', { name: 'WebGPU' }).check()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(provenance(page)).toHaveText(/WebGPU$/)
  await sweepAll(page)
  const webgpu = await sweptValues(page, TITLE)

  expect([...webgpu.keys()]).toEqual([...wasm.keys()])
  const scale = Math.max(...[...wasm.values()].map(Math.abs))
  for (const [key, value] of wasm) {
    expect(Math.abs((webgpu.get(key) ?? Number.NaN) - value) / scale, key).toBeLessThan(1e-4)
  }
})
