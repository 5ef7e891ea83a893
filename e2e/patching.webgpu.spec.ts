import type { Page } from '@playwright/test'
import { chooseDevice, chooseToken, openLive, paste, provenance } from './support/explore'
import { expect } from './support/page'
import { chooseReading, sweepAll, sweptValues } from './support/patching'
import { test } from './support/tinySite'

const TITLE = 'Ripple restored: layers by positions'

/** Returns what every state restored gives, computed on that device; the page has measured nothing yet. */
async function sweptOn(page: Page, site: string, device: 'WASM' | 'WebGPU'): Promise<Map<string, number>> {
  await openLive(page, '', site)
  await chooseDevice(page, device)
  await paste(page, 'Dull, but never boring.')
  await chooseToken(page, 1)
  await expect(provenance(page)).toContainText(device)
  await chooseReading(page, 'restored')
  await sweepAll(page)
  return sweptValues(page, TITLE)
}

test('runs with states of the other text give the same on WebGPU as on WASM', async ({
  freshContext,
  page,
  tinySite,
}) => {
  const wasm = await sweptOn(page, tinySite, 'WASM')
  const webgpu = await sweptOn(await (await freshContext()).newPage(), tinySite, 'WebGPU')

  expect([...webgpu.keys()]).toEqual([...wasm.keys()])
  const scale = Math.max(...[...wasm.values()].map(Math.abs))
  for (const [key, value] of wasm) {
    expect(Math.abs((webgpu.get(key) ?? Number.NaN) - value) / scale, key).toBeLessThan(1e-4)
  }
})
