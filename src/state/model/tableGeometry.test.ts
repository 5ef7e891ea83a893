import { expect, it } from 'vitest'
import { createTestExplorer, INFO } from '../explore/explorerFixture'
import { createAppStore } from '../store'
import { measuredTable } from './tableGeometry'

const OTHER = { ...INFO, provenance: { ...INFO.provenance, sha256: 'b'.repeat(64) } }
const NOTHING = { special: false, unused: false }

function createPage() {
  const explorer = createTestExplorer()
  const store = createAppStore({ services: { table: { live: () => explorer } } })
  const open = (info: typeof INFO) =>
    store.setState(({ model }) => ({
      model: {
        ...model,
        status: 'ready' as const,
        info,
        vocabulary: Array.from({ length: INFO.vocabularySize }, (_, id) => `t${id}`),
      },
    }))
  open(INFO)
  return { explorer, store, open }
}

it('measures block by block behind everything else, and shows the table of the model that is open', async () => {
  const { explorer, store, open } = createPage()
  const measuring = store.getState().measureTable(NOTHING)
  expect(store.getState().tableGeometry).toMatchObject({
    status: 'running',
    progress: { done: 0, total: 1000 },
  })
  expect(explorer.open[0].options?.priority).toBe('corpus')
  await explorer.open[0].resolve()
  expect(store.getState().tableGeometry.progress).toEqual({ done: 128, total: 1000 })
  await explorer.answerAll()
  await measuring
  const table = measuredTable(store.getState())
  expect(explorer.calls).toHaveLength(8)
  // Each entry is among the ten before it.
  expect(table?.figure.hubness.cosine).toMatchObject({ orphans: 0, skewness: Number.NaN })
  expect(table?.figure.byCommonness).toBeNull()
  open(OTHER)
  expect(measuredTable(store.getState())).toBeNull()
})

it('stops, and mixes no two models', async () => {
  const { explorer, store, open } = createPage()
  const measuring = store.getState().measureTable(NOTHING)
  store.getState().stopTable()
  await explorer.answerAll()
  await measuring
  expect(store.getState().tableGeometry.status).toBe('stopped')
  const again = store.getState().measureTable(NOTHING)
  open(OTHER)
  await explorer.answerAll()
  await again
  expect(store.getState().tableGeometry).toMatchObject({ status: 'stopped', table: null })
})

it('says that no model is open', async () => {
  const store = createAppStore({ services: { table: { live: () => null } } })
  await store.getState().measureTable(NOTHING)
  expect(store.getState().tableGeometry).toMatchObject({ status: 'failed', failure: { kind: 'not-ready' } })
})
