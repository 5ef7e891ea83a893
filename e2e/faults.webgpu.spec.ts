import { announcement, chooseDevice, chooseToken, modelLine, openLive, paste } from './support/explore'
import { notice, putBefore, workersOf } from './support/faults'
import { expect } from './support/page'
import { test } from './support/tinySite'

test('a device that is lost gives way to WASM, which says so and measures what was asked', async ({
  page,
  tinySite,
}) => {
  // The worker's devices, so that the test can lose one.
  await putBefore(
    page,
    'explorer',
    `self.devices = []
    const { requestDevice } = GPUAdapter.prototype
    GPUAdapter.prototype.requestDevice = async function (...options) {
      const device = await requestDevice.apply(this, options)
      self.devices.push(device)
      return device
    }`,
  )
  await openLive(page, '', tinySite)
  await chooseDevice(page, 'WebGPU')
  await paste(page, 'The film is good and the story is dull.')
  await chooseToken(page, 2)
  await expect(announcement(page)).toContainText(/^film → .+: distance [\d.]+/)

  // The worker that WebGPU took over from is told of for a moment yet.
  await expect.poll(() => workersOf(page, 'explorer').length).toBe(1)
  const [worker] = workersOf(page, 'explorer')
  const lost = await worker.evaluate(() => {
    const { devices } = self as unknown as { devices: { destroy(): void }[] }
    for (const device of devices) device.destroy()
    return devices.length
  })
  expect(lost).toBeGreaterThan(0)
  await paste(page, 'The plot is funny and the cast is good.')
  await expect(notice(page)).toContainText('The WebGPU device was lost.')
  await expect(notice(page)).toContainText('Your text and pins are kept.')
  await expect(notice(page)).toContainText('WASM took over, and what was asked is measured again.')
  await expect(modelLine(page)).toContainText(/WASM × \d/)
  await notice(page).getByRole('button', { name: 'Dismiss' }).click()
  await chooseToken(page, 4)
  await expect(announcement(page)).toContainText(/^funny → .+: distance [\d.]+/)
})
