import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { chooseHubFiles, type HubFile } from './hubFiles'
import { parseHubName } from './hubName'

const file = (path: string): HubFile => ({ path, bytes: 10, sha256: null, blobSha1: null })
const SMALL = ['config.json', 'tokenizer.json', '.gitattributes', 'README.md']
const choose = (...paths: string[]) => chooseHubFiles('owner/name', [...SMALL, ...paths].map(file))
const weightsOf = (...paths: string[]) => {
  const { weights } = choose(...paths)
  return weights && [weights.format, ...weights.files.map(({ path }) => path)]
}

function refusal(work: () => unknown) {
  try {
    work()
  } catch (thrown) {
    return failureOf(thrown)
  }
  throw new Error('nothing was refused')
}

describe('the files of a model that are fetched', () => {
  it.each<[string[], string[] | null]>([
    [
      ['pytorch_model.bin', 'model.safetensors', 'tf_model.h5'],
      ['safetensors', 'model.safetensors'],
    ],
    [
      ['model-00002-of-00002.safetensors', 'pytorch_model.bin', 'model-00001-of-00002.safetensors'],
      ['safetensors', 'model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'],
    ],
    [
      ['model-00001-of-00002.safetensors', 'pytorch_model.bin'],
      ['torch', 'pytorch_model.bin'],
    ],
    [
      ['pytorch_model-00001-of-00001.bin', 'training_args.bin'],
      ['torch', 'pytorch_model-00001-of-00001.bin'],
    ],
    [['onnx/model.onnx'], null],
  ])('of %j are %j', (paths, expected) => {
    expect(weightsOf(...paths)).toEqual(expected)
  })

  it('name ONNX graphs with their data', () => {
    const onnx = ['onnx/model.onnx', 'onnx/model.onnx_data', 'onnx/model_fp16.onnx', 'model.onnx.data']
    expect(choose(...onnx, '../model.onnx').onnx.map(({ path }) => path)).toEqual(onnx)
  })

  it.each<[string[], RegExp, RegExp]>([
    [['tf_model.h5', 'flax_model.msgpack'], /only tf_model\.h5, flax_model\.msgpack/, /save_pretrained/],
    [[], /it has none/, /model\.safetensors/],
    [['adapter_config.json', 'adapter_model.safetensors'], /is an adapter/, /merge_and_unload/],
    [Array.from({ length: 9 }, (_, i) => `q${i}.gguf`), /q3\.gguf and 5 more/, /Read are/],
  ])('are refused with the reason: %j', (paths, message, advice) => {
    expect(refusal(() => choose(...paths))).toMatchObject({
      kind: 'unsupported-model',
      message: expect.stringMatching(message),
      advice: expect.stringMatching(advice),
    })
  })

  it.each<[string[], RegExp]>([
    [['tokenizer.json', 'model.safetensors'], /no config\.json/],
    [
      ['config.json', 'model.safetensors', 'vocab.txt'],
      /no tokenizer\.json, only vocab\.txt of a slow tokenizer/,
    ],
    [['config.json', 'model.safetensors'], /no tokenizer\.json\./],
  ])('are refused where one is missing: %j', (paths, message) => {
    expect(refusal(() => chooseHubFiles('owner/name', paths.map(file))).message).toMatch(message)
  })
})

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
    '',
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
    expect(refusal(() => parseHubName(typed))).toMatchObject({
      kind: 'invalid-request',
      advice: expect.any(String),
    })
  })
})
