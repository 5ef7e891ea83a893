import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { EMPTY_SESSION } from '../core/session/session'
import type { AppState } from '../state/appState'
import { connectExplorer } from '../state/explore/explore'
import { createTestExplorer, INFO } from '../state/explore/explorerFixture'
import { createAppStore } from '../state/store'

const MODULES = import.meta.glob<Record<string, unknown>>(
  ['../state/**/*.ts', '!../state/**/*.test.ts', '!../state/**/*Fixture.ts'],
  {
    eager: true,
  },
)
const VIEWS = fileURLToPath(new URL('./', import.meta.url))

/** Returns the names of the functions of the state that views pass to `useAppStore` and `useSideStore` as they are. */
function selectorsInViews(): string[] {
  const files = readdirSync(VIEWS, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.tsx?$/.test(path),
  )
  const names = files.flatMap((path) =>
    [...readFileSync(join(VIEWS, path), 'utf8').matchAll(/use(?:App|Side)Store\((\w+)\)/g)].map(
      ([, name]) => name,
    ),
  )
  return [...new Set(names)].sort()
}

function exported(name: string): ((state: AppState) => unknown) | null {
  for (const module of Object.values(MODULES)) {
    const value = module[name]
    if (typeof value === 'function') return value as (state: AppState) => unknown
  }
  return null
}

async function measuredState(): Promise<AppState> {
  const store = createAppStore()
  const live = createTestExplorer()
  const disconnect = connectExplorer(store, { live: () => live, shipped: null })
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info: INFO } }))
  store.getState().replaceSession({
    ...EMPTY_SESSION,
    text: 'a bb ccc',
    held: [{ position: 1, tokenId: 5 }],
    position: 2,
    pins: [{ text: 'x', substitutions: [{ position: 1, tokenId: 9 }], color: 2 }],
  })
  await live.answerAll()
  disconnect()
  expect(store.getState().sides[0].measurement.status).toBe('ready')
  return store.getState()
}

it('gives a view the same reference for the same inputs, whatever else changed in the store', async () => {
  const names = selectorsInViews()
  const known = names.flatMap((name) => {
    const select = exported(name)
    return select ? [{ name, select }] : []
  })
  expect(known.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'comparison',
      'comparisonSeries',
      'neighborRows',
      'openTokens',
      'predictionPlaces',
    ]),
  )
  for (const state of [createAppStore().getState(), await measuredState()]) {
    const changed = known.filter(({ select }) => {
      const first = select({ ...state })
      return !Object.is(first, select({ ...state, notices: [] }))
    })
    expect(changed.map(({ name }) => name)).toEqual([])
  }
})
