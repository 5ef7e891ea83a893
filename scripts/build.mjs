import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
export const DIST = join(ROOT, 'dist')

const INPUTS = [
  'src',
  'public',
  'scripts',
  'index.html',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
]

/**
 * Returns the latest change under a path, in ms; a folder's own time counts, so a deleted file is seen.
 *
 * @param {string} path
 * @returns {number}
 */
export function latestChange(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return 0
  if (!stats.isDirectory()) return stats.mtimeMs
  return readdirSync(path).reduce(
    (latest, name) => Math.max(latest, latestChange(join(path, name))),
    stats.mtimeMs,
  )
}

/** Says whether dist/ was built after the last change of anything it is built from. */
export function isBuilt() {
  const built = latestChange(join(DIST, 'index.html'))
  return built > 0 && INPUTS.every((input) => latestChange(join(ROOT, input)) <= built)
}

/** Builds dist/ unless it is up to date. */
export async function buildIfStale() {
  if (isBuilt()) return
  await build({ root: ROOT })
}
