import { readReference } from '../src/engine/referenceFixture'
import {
  announcement,
  chooseDevice,
  chooseToken,
  modelLine,
  openLive,
  paste,
  provenance,
} from './support/explore'
import { expect } from './support/page'
import { expectReference, readVocabulary } from './support/reference'
import { test } from './support/tinySite'

const FOLDER = 'fixtures/tiny-bert'

const fixture = readReference(`${FOLDER}/reference.json`)
const vocabulary = readVocabulary(FOLDER)

test('a software adapter is not used unasked, and is used when chosen', async ({ page, tinySite }) => {
  await openLive(page, '', tinySite)
  await expect(modelLine(page)).toContainText(/tiny-bert · .* · WASM × \d/)
  await chooseDevice(page, 'WebGPU')
  await expect(modelLine(page)).toContainText(/tiny-bert · .* · WebGPU$/)
  await paste(page, 'Dull')
  await chooseToken(page, 1)
  await expect(announcement(page)).toContainText(/^dull → /)
  await expect(provenance(page)).toHaveText(/WebGPU$/)
  await chooseDevice(page, 'WASM')
})

test('what WebGPU says is what PyTorch says', async ({ page, tinySite }) => {
  await openLive(page, '', tinySite)
  await chooseDevice(page, 'WebGPU')
  for (const reference of fixture.cases) {
    await test.step(reference.name, () => expectReference(page, reference, vocabulary))
    await expect(provenance(page)).toHaveText(/WebGPU$/)
  }
})

test('what WASM says of the tiny model is what PyTorch says', async ({ page, tinySite }) => {
  await openLive(page, '', tinySite)
  for (const reference of fixture.cases.slice(0, 3)) {
    await test.step(reference.name, () => expectReference(page, reference, vocabulary))
    await expect(provenance(page)).toHaveText(/WASM × \d+$/)
  }
})
