import { expect, it } from 'vitest'
import type { PrioritizedExplorer } from '../../core/explorer'
import { connectExplorer } from '../explore/explore'
import { createTestExplorer, INFO, PROVENANCE } from '../explore/explorerFixture'
import { createAppStore } from '../store'
import type { ModelService } from './modelSlot'

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

it('everything on screen is asked of the new model, and nothing of the former one stays under its name', async () => {
  const provenanceOf = (id: string) => ({ ...PROVENANCE, modelId: id, sha256: id.repeat(64) })
  const explorers = ['a', 'b'].map((id) => createTestExplorer(provenanceOf(id)))
  let live: PrioritizedExplorer | null = null
  let opens = 0
  const own: ModelService = {
    open: async () => {
      const index = opens++
      const provenance = provenanceOf('ab'[index])
      return {
        info: { ...INFO, id: 'ab'[index], provenance },
        vocabulary: ['[PAD]'],
        use: () => {
          live = explorers[index]
        },
      }
    },
    changeDevice: async () => {},
    close: () => {},
    listen: () => {},
  }
  const store = createAppStore({ services: { models: [own] } })
  store.getState().startModel()
  const disconnect = connectExplorer(store, { live: () => live, shipped: null, typingPause: 0 })
  store.getState().editText('one two three')
  store.getState().commitText()
  await settle()
  await explorers[0].answerAll()
  store.getState().selectPosition(2)
  await explorers[0].answerAll()
  expect(store.getState().sides[0].measurement.value?.measurement.provenance.modelId).toBe('a')

  store.getState().openModel({ kind: 'hub', id: 'owner/b', revision: 'main' })
  await settle()
  const { measurement, neighbors, tokenized, neighborMeasurements } = store.getState().sides[0]
  expect([measurement.value, neighbors.value, tokenized.value, neighborMeasurements]).toEqual([
    null,
    null,
    null,
    null,
  ])
  await explorers[1].answerAll()
  expect(store.getState().session.position).toBe(2)
  expect(store.getState().sides[0].measurement.value?.measurement.provenance.modelId).toBe('b')
  expect(
    [...(store.getState().sides[0].neighborMeasurements?.byToken.values() ?? [])].map(
      ({ provenance }) => provenance.modelId,
    ),
  ).toEqual(Array(8).fill('b'))
  disconnect()
})
