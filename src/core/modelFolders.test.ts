import { expect, it } from 'vitest'
import { foldersInWords, modelFolders } from './modelFolders'

it.each<[string[], string[]]>([
  [['config.json', 'model.safetensors'], ['']],
  [['config.json', 'model.safetensors', 'checkpoint-1/config.json', 'checkpoint-1/model.safetensors'], ['']],
  [
    [
      'b-10/config.json',
      'b-10/pytorch_model.bin',
      'b-9/config.json',
      'b-9/onnx/model.onnx',
      'c/model.safetensors',
    ],
    ['b-9/', 'b-10/'],
  ],
  [['config.json', 'a/config.json', 'a/model.safetensors'], ['a/']],
  [['config.json', 'a/config.json'], ['']],
  [['a/my-config.json', 'a/model.safetensors'], []],
  [[], []],
])('finds the models of %j in %j', (paths, folders) => {
  expect(modelFolders(paths)).toEqual(folders)
})

it('names a handful of folders', () => {
  const folders = Array.from({ length: 8 }, (_, i) => `run-${i}/`)
  expect(foldersInWords(folders)).toBe('run-0, run-1, run-2, run-3, run-4, run-5 and 2 more')
  expect(foldersInWords(['a/b/'])).toBe('a/b')
})
