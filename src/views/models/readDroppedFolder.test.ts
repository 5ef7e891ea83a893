// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { isModelDrop, readPickedFiles } from './readDroppedFolder'

const picked = (...paths: readonly [path: string, bytes: number][]) =>
  readPickedFiles(
    paths.map(([path, bytes]) => {
      const file = new File([new Uint8Array(bytes)], path.split('/').at(-1) ?? '')
      return Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' })
    }),
  )

it.each<[string, readonly [string, number][], string]>([
  [
    'a folder by its name',
    [
      ['my-bert/config.json', 1],
      ['my-bert/model.safetensors', 9],
    ],
    'my-bert',
  ],
  [
    'loose files by the largest of them',
    [
      ['config.json', 1],
      ['bert.onnx', 9],
      ['tokenizer.json', 3],
    ],
    'bert.onnx',
  ],
  [
    'several folders by all of them',
    [
      ['a/config.json', 1],
      ['b/config.json', 2],
    ],
    'a, b',
  ],
])('names %s', (_, files, name) => {
  expect(picked(...files).name).toBe(name)
})

it.each<[string, readonly string[], boolean, boolean]>([
  ['a folder', ['my-bert'], true, true],
  ['weights alone', ['model.safetensors'], false, true],
  ['weights among other files', ['config.json', 'BERT.ONNX'], false, true],
  ['a review', ['review.txt'], false, false],
  ['a session', ['session.json'], false, false],
  ['a table', ['reviews.csv'], false, false],
])('tells whether %s is meant as a model', (_, names, isDirectory, expected) => {
  const files = names.map((name) => new File(['x'], name))
  const items = files.map(() => ({ webkitGetAsEntry: () => ({ isDirectory }) }))
  const drop = { files, items } as unknown as Pick<DataTransfer, 'items' | 'files'>
  expect(isModelDrop(drop)).toBe(expected)
})
