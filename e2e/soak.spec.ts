import { fileURLToPath } from 'node:url'
import { heapOf } from '../bench/heap.mjs'
import { clickThrough, heldBy, switchModel, visitModels } from '../bench/soakJourney.mjs'
import { openLive } from './support/explore'
import { expect } from './support/page'
import { test } from './support/tinySite'

const WARM_UP = 20

test('nothing is left over of sixty clicks and another model', async ({ page, tinySite }) => {
  await openLive(page, '', tinySite)
  await visitModels(page)
  await clickThrough(page, 0, WARM_UP)
  const before = { ...(await heldBy(page)), ...(await heapOf(page)) }
  expect(before.workers.filter((name) => name.startsWith('explorer'))).toHaveLength(1)
  await clickThrough(page, WARM_UP, 40)
  await switchModel(page, fileURLToPath(new URL('../fixtures/tiny-bert-f16', import.meta.url)))
  await clickThrough(page, 40, 60)
  await expect.poll(async () => (await heldBy(page)).workers).toEqual(before.workers)
  const after = { ...(await heldBy(page)), ...(await heapOf(page)) }
  expect(after.workerObjects, 'workers that something holds, ended ones too').toBe(before.workerObjects)
  expect(after.held / before.held, `${before.held} bytes before`).toBeLessThan(1.1)
  expect(after.listeners / before.listeners, `${before.listeners} listeners before`).toBeLessThan(1.1)
  expect(after.nodes / before.nodes, `${before.nodes} nodes before`).toBeLessThan(1.1)
})
