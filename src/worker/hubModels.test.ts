import { afterEach, expect, it } from 'vitest'
import type { ModelSource } from '../core/modelSource'
import { takeHubToken, withHubToken } from './hubModels'

const HUB = { kind: 'hub', id: 'owner/name', revision: 'main' } as const
const OTHERS: readonly ModelSource[] = [
  { ...HUB, keptOnly: true },
  { kind: 'url', url: 'models/mine/' },
  { kind: 'files', name: 'mine', files: [] },
  { kind: 'hosted', id: 'a', url: '/a/', weights: 'model.safetensors', bytes: 1, sha256: 'a'.repeat(64) },
]

afterEach(() => takeHubToken(''))

it('adds the token to what is fetched from the hub, and to nothing else', async () => {
  expect(withHubToken(HUB)).toEqual(HUB)
  await takeHubToken(' hf_mine ')
  expect(withHubToken(HUB)).toEqual({ ...HUB, token: 'hf_mine' })
  for (const source of OTHERS) expect(withHubToken(source)).toBe(source)
  await takeHubToken('')
  expect(withHubToken(HUB)).toEqual(HUB)
})

it('keeps the former token where another cannot be one', async () => {
  await takeHubToken('hf_mine')
  await expect(takeHubToken('hf mine')).rejects.toThrow('What stands as the token is none')
  expect(withHubToken(HUB)).toEqual({ ...HUB, token: 'hf_mine' })
})
