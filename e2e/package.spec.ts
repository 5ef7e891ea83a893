import { execFile, spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { NOTICES } from '../scripts/thirdPartyNotices.mjs'
import { modelLine } from './support/explore'
import { expect, openApp, test as plain } from './support/page'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Most bytes of the packed package without the model. */
const LARGEST = 8_000_000

const run = promisify(execFile)

interface Packed {
  /** Bytes of the archive. */
  readonly size: number
  readonly files: readonly string[]
  /** Folder of the package, installed with what it depends on and nothing else. */
  readonly folder: string
}

const manifest: { dependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
)

/** Installs the package, as `npm pack` makes it, in an empty folder. */
const test = plain.extend<object, { packed: Packed }>({
  packed: [
    async ({ origins: _ }, use) => {
      const project = mkdtempSync(join(tmpdir(), 'ripplescope-package-'))
      await run(process.execPath, ['scripts/buildCli.mjs'], { cwd: ROOT })
      const { stdout } = await run(
        'npm',
        ['pack', '--json', '--ignore-scripts', `--pack-destination=${project}`],
        {
          cwd: ROOT,
          maxBuffer: 2 ** 26,
        },
      )
      const [{ filename, size, files }] = JSON.parse(stdout)
      const modules = join(project, 'node_modules')
      const folder = join(modules, 'ripplescope')
      mkdirSync(folder, { recursive: true })
      await run('tar', ['-xzf', join(project, filename), '-C', folder, '--strip-components=1'])
      for (const name of Object.keys(manifest.dependencies)) {
        mkdirSync(dirname(join(modules, name)), { recursive: true })
        symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
      }
      await use({ size, files: files.map(({ path }: { path: string }) => path), folder })
      rmSync(project, { recursive: true })
    },
    { scope: 'worker' },
  ],
})

test('what is packed is small, says what it is made of, and depends on what it imports', async ({
  packed,
}) => {
  const { size, files, folder } = packed
  const model = files.find((path) => path.endsWith('.safetensors'))
  expect(model, 'the model comes with the package').toBeDefined()
  const modelSize = gzipSync(readFileSync(join(folder, model ?? ''))).length
  expect(size - modelSize, 'bytes without the model').toBeLessThan(LARGEST)

  const folders = [...new Set(files.map((path) => path.split('/')[0]))].sort()
  expect(folders).toEqual([
    'CHANGELOG.md',
    'CITATION.cff',
    'LICENSE',
    'README.md',
    'bin',
    'dist',
    'dist-cli',
    'dist-lib',
    'package.json',
    'scripts',
  ])
  const notices = (part: string) => readFileSync(join(folder, part, NOTICES), 'utf8')
  for (const name of ['react 19', 'workbox-precaching ', 'onnxruntime-web ', 'hyparquet ']) {
    expect(notices('dist')).toContain(name)
  }
  expect(notices('dist')).toMatch(/@fontsource-variable\/source-sans-3 [\s\S]*SIL OPEN FONT LICENSE/i)
  expect(notices('dist')).not.toMatch(
    /^(vite|vitest|typescript|@playwright\/test|@types\/\S+|dejavu-fonts-ttf) /m,
  )
  expect(notices('dist-cli')).toContain('commander ')
  expect(notices('dist-lib')).toContain('valibot ')

  const sources = [
    ...readdirSync(join(folder, 'dist-lib'))
      .filter((name) => name.endsWith('.js'))
      .map((name) => `dist-lib/${name}`),
    ...readdirSync(join(folder, 'dist-cli'))
      .filter((name) => name.endsWith('.js'))
      .map((name) => `dist-cli/${name}`),
    ...readdirSync(join(folder, 'scripts')).map((name) => `scripts/${name}`),
  ]
  const imported = sources.flatMap((path) => {
    const source = readFileSync(join(folder, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
    const names = source.matchAll(
      /^(?:import|export)\b(?:[^'"\n]*\bfrom)? *['"]([^./'"][^'"]*)['"]|\bimport(?:\.meta\.resolve)?\(['"]([^./'"][^'"]*)['"]\)/gm,
    )
    return Array.from(names, ([, statically, dynamically]) => statically ?? dynamically)
  })
  const packages = imported
    .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
  expect([...new Set(packages)].sort()).toEqual(Object.keys(manifest.dependencies).sort())
})

test('the packed command and library measure with the model that they bring', async ({ packed }) => {
  const { folder } = packed
  const text = 'A wonderful film.'
  const command = join(folder, 'bin/ripplescope.mjs')
  const { stdout } = await run(process.execPath, [
    command,
    'explore',
    '--text',
    text,
    '--position',
    '2',
    '--json',
  ])
  const told = JSON.parse(stdout)
  expect(told).toMatchObject({ format: 'ripplescope-explore', substitute: { token: 'delightful' } })

  const program = join(folder, '../../use.mjs')
  writeFileSync(
    program,
    `import { openModel } from 'ripplescope'
const model = await openModel(${JSON.stringify(join(folder, 'dist/models/bert-imdb-l12-h384'))}, { threads: 1 })
const { layers } = await model.explore({ text: ${JSON.stringify(text)}, position: 2 })
console.log(JSON.stringify(layers.map(({ distance }) => distance)))
await model.release()
`,
  )
  const distances: number[] = JSON.parse((await run(process.execPath, [program])).stdout)
  expect(distances).toHaveLength(13)
  for (const [layer, distance] of distances.entries()) {
    expect(Math.abs(distance / told.layers[layer].distance - 1)).toBeLessThan(1e-4)
  }
})

test('the packed page is served, runtime included, and goes live', async ({ packed, page, origins }) => {
  const server = spawn(process.execPath, [join(packed.folder, 'bin/ripplescope.mjs'), 'serve', '--port', '0'])
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()))
    server.once('close', (code) => reject(new Error(`it ended with ${code}`)))
  })
  origins.add(new URL(url).origin)
  await openApp(page, '', url)
  await expect(modelLine(page)).toContainText(/WASM × \d/)
  expect(readdirSync(join(packed.folder, 'dist'))).not.toContain('runtime')
  server.kill('SIGINT')
})
