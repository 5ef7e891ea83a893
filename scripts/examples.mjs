import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { ROOT } from './build.mjs'

// Computes what the page shows of its example reviews before the model has arrived: `npm run examples`.

/** @param {string} path from the root */
const load = async (path) => (await runnerImport(join(ROOT, path), { root: ROOT, configFile: false })).module

const [{ EXAMPLES }, { buildSnapshot }, { createNodeRuntime }, { openModel }, { readModelFiles }] =
  await Promise.all([
    load('src/state/learn/examples.ts'),
    load('src/core/session/snapshot.ts'),
    load('src/engine/forward/nodeRuntime.ts'),
    load('src/engine/openedModel.ts'),
    load('src/engine/sources/nodeFolder.ts'),
  ])

const folder = join(ROOT, 'public/examples')
const model = await openModel(
  createNodeRuntime(),
  await readModelFiles(join(ROOT, 'public/models/bert-imdb-l12-h384')),
)
await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
for (const example of EXAMPLES) {
  const text = JSON.stringify(await buildSnapshot(model, model.info, example))
  await writeFile(join(folder, `${example.slug}.json`), text)
  console.log(`${example.slug}: ${Math.round(text.length / 1000)} kB`)
}
await model.release()
