import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type ConfigFields, completeConfig, unreadField } from '../../weights/configDefaults'
import table from '../../weights/configDefaults.json'
import { parseModelConfig } from '.'

const FIXTURES = new URL('../../../fixtures/', import.meta.url)
const FOLDERS = readdirSync(FIXTURES).filter((name) => name.startsWith('tiny-'))

const configOf = (folder: string): ConfigFields =>
  JSON.parse(readFileSync(new URL(`${folder}/config.json`, FIXTURES), 'utf8'))

describe('completeConfig', () => {
  it.each(FOLDERS)('gives back what is left out of %s', (folder) => {
    const config = configOf(folder)
    const usual = new Map(
      Object.entries(table.types).map(([type, { fields }]) => [type, Object.entries<unknown>(fields)]),
    )
    const short = { ...config }
    for (const [name, value] of usual.get(String(config.model_type)) ?? []) {
      if (JSON.stringify(short[name]) === JSON.stringify(value)) delete short[name]
    }
    expect(Object.keys(short).length).toBeLessThan(Object.keys(config).length)
    expect(parseModelConfig(short)).toEqual(parseModelConfig(config))
  })

  it('knows fields by their other names', () => {
    expect(completeConfig('gpt2', { hidden_size: 8, n_layer: 3 })).toMatchObject({
      n_embd: 8,
      n_layer: 3,
      n_head: 12,
    })
  })

  it('leaves a config of a type that it does not know as it is', () => {
    expect(completeConfig('t5', { d_model: 8 })).toEqual({ d_model: 8 })
  })
})

describe('unreadField', () => {
  const unread = (config: ConfigFields, ...read: string[]) =>
    unreadField('ernie', completeConfig('ernie', config), new Set(read))

  it('names a field that nobody looked at', () => {
    expect(unread({ use_task_id: true })).toBe('use_task_id')
    expect(unread({ use_task_id: true }, 'use_task_id')).toBeUndefined()
  })

  it('lets pass what is as usual, or switched off', () => {
    expect(unread({ use_task_id: false, hidden_size: 768, pad_token_id: 3 })).toBeUndefined()
    expect(unread({ use_task_id: null, hidden_dropout_prob: 0.5 })).toBeUndefined()
  })
})
