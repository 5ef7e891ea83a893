import { expect, it } from 'vitest'
import { foldersInWords, modelFolders, modelsAmong } from './modelFolders'

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

it('gives each model its own files and name', () => {
  const blob = new Blob()
  const files = [
    'run.log',
    'a/config.json',
    'a/model.safetensors',
    'b/config.json',
    'b/model.safetensors',
  ].map((path) => ({ path, blob }))
  const models = modelsAmong({ kind: 'files', name: 'run', files })
  expect(models.map(({ name, files }) => [name, ...files.map(({ path }) => path)])).toEqual([
    ['run/a', 'config.json', 'model.safetensors'],
    ['run/b', 'config.json', 'model.safetensors'],
  ])
})

it('names a handful of folders', () => {
  const folders = Array.from({ length: 8 }, (_, i) => `run-${i}/`)
  expect(foldersInWords(folders)).toBe('run-0, run-1, run-2, run-3, run-4, run-5 and 2 more')
  expect(foldersInWords(['a/b/'])).toBe('a/b')
})
