import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseDevice, openLive, provenance } from './support/explore'
import { expectModelCase, familyCase, otherCase } from './support/modelCase'
import { expect } from './support/page'
import { test } from './support/tinySite'

test("rotary positions on WebGPU give transformers' numbers, from weights and from ONNX files", async ({
  page,
  tinySite,
}) => {
  const folders = mkdtempSync(join(tmpdir(), 'ripplescope-rotary-'))
  const cases = [
    familyCase('llama'),
    familyCase('modernbert'),
    otherCase(folders, 'llama', 'llama.legacy-14.onnx', 'model.onnx'),
  ]
  await openLive(page, '', tinySite)
  await chooseDevice(page, 'WebGPU')
  await page.getByRole('button', { name: 'Models', exact: true }).click()
  await expect(page.getByLabel('Model folder')).toBeAttached()
  for (const expected of cases) {
    await expectModelCase(page, expected)
    await expect(provenance(page)).toHaveText(/WebGPU$/)
  }
  rmSync(folders, { recursive: true })
})
