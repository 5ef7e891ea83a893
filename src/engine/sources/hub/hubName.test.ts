import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../core/failure'
import { idOfHub } from '../../../core/modelSource'
import { parseHubName } from './hubName'

function refusal(typed: string) {
  try {
    parseHubName(typed)
  } catch (thrown) {
    return failureOf(thrown)
  }
  throw new Error('nothing was refused')
}

describe('the name of a model', () => {
  it.each([
    ['owner/name', 'owner/name', 'main'],
    [' bert-base-uncased ', 'bert-base-uncased', 'main'],
    ['owner/name@v1.0', 'owner/name', 'v1.0'],
    ['owner/name@refs/pr/3', 'owner/name', 'refs/pr/3'],
    ['https://huggingface.co/owner/name', 'owner/name', 'main'],
    ['https://huggingface.co/owner/name/', 'owner/name', 'main'],
    ['https://huggingface.co/owner/name/tree/refs%2Fpr%2F3/onnx?x=1', 'owner/name', 'refs/pr/3'],
    ['https://huggingface.co/owner/na.me-2_x/blob/main/config.json#L3', 'owner/na.me-2_x', 'main'],
  ])('is read from %j', (typed, id, revision) => {
    expect(parseHubName(typed)).toEqual({ id, revision })
  })

  it.each([
    ['owner/name+built-in', { id: 'owner/name', revision: 'main', tokenizer: 'built-in' }],
    ['owner/name@v1 + owner/other@v2', { id: 'owner/name', revision: 'v1', tokenizer: 'owner/other@v2' }],
    [
      'https://huggingface.co/owner/name+https://huggingface.co/owner/other',
      { id: 'owner/name', revision: 'main', tokenizer: 'owner/other' },
    ],
  ])('is read with a tokenizer behind it from %j', (typed, name) => {
    expect(parseHubName(typed)).toEqual(name)
    expect(parseHubName(idOfHub(parseHubName(typed)))).toEqual(name)
  })

  it.each([
    '',
    'owner/name+',
    '+built-in',
    'a/b+c/d+e/f',
    'a/b/c',
    'owner/',
    '/name',
    '../x',
    'a/..',
    'owner/na me',
    'https://example.org/owner/name',
    'a/b@',
    'a/b@é',
  ])('is none in %j', (typed) => {
    expect(refusal(typed)).toMatchObject({
      kind: 'invalid-request',
      advice: expect.any(String),
    })
  })
})
