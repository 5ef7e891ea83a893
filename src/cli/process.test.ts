import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCliIfStale } from '../../scripts/buildCli.mjs'
import { createRandom } from '../core/random'
import { REVIEWS, spawnCommand, TINY } from './commandFixture'

const BATCHES = 15
const KILLS = 20
const ARGS = ['run', REVIEWS, '--model', TINY, '--threads=1', '--readings=all', '--pairs=5', '--quiet']

let folder: string
const at = (name: string) => join(folder, name)
const batches = (name: string) =>
  existsSync(at(`${name}/batches`)) ? readdirSync(at(`${name}/batches`)) : []
const whole = (name: string) => batches(name).filter((file) => !file.startsWith('.')).length

beforeAll(async () => {
  await buildCliIfStale()
  folder = mkdtempSync(join(tmpdir(), 'ripplescope-process-'))
  expect(await spawnCommand([...ARGS, '-o', at('whole')]).ended).toMatchObject({
    code: 0,
    stdout: '',
    stderr: '',
  })
  expect(batches('whole')).toHaveLength(BATCHES)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Files by their path, with their bytes. */
function contents(name: string): Record<string, string> {
  const paths = readdirSync(at(name), { recursive: true, encoding: 'utf8' })
  const files = paths.filter((path) => path !== 'batches')
  return Object.fromEntries(files.sort().map((path) => [path, readFileSync(at(join(name, path)), 'base64')]))
}

/**
 * Starts the run, waits until it has done so much and a little more, and sends the signals: the second once the first was
 * heard.
 */
async function startAndSend(
  name: string,
  done: () => boolean,
  later: number,
  [signal, next]: readonly NodeJS.Signals[],
  threads = 1,
) {
  const { child, ended } = spawnCommand([...ARGS, `--threads=${threads}`, '-o', at(name)])
  let hasEnded = false
  ended.then(() => {
    hasEnded = true
  })
  while (!done() && !hasEnded) await sleep(2)
  await sleep(later)
  child.kill(signal)
  if (next) {
    await Promise.race([ended, once(child.stderr, 'data')])
    child.kill(next)
  }
  return ended
}

/** Interrupts a run that has measured a batch; where it was faster, another one. */
async function interrupt(name: string, signals: readonly NodeJS.Signals[], threads = 1) {
  for (;;) {
    const ended = await startAndSend(name, () => whole(name) > 0, 0, signals, threads)
    if (ended.code !== 0) return ended
    rmSync(at(name), { recursive: true })
  }
}

describe('the process', () => {
  it('goes on after being killed, wherever that was, and ends with the same bytes', async () => {
    const states: number[] = []
    const kill = async (done: () => boolean, later: number) => {
      // One batch after the other, and several in parallel.
      const threads = 1 + (states.length % 3)
      const { signal } = await startAndSend('killed', done, later, ['SIGKILL'], threads)
      if (signal === 'SIGKILL') states.push(whole('killed'))
      // It was faster: there is nothing left to kill.
      else rmSync(at('killed'), { recursive: true })
    }
    // While the texts are written, then at random: within a batch or two, and anywhere from the start on.
    await kill(() => existsSync(at('killed')), 0)
    await kill(() => existsSync(at('killed/texts.jsonl')), 0)
    await kill(() => existsSync(at('killed/run.json')), 0)
    const random = createRandom(20, 0, 'sample')
    while (states.length < KILLS) {
      const before = whole('killed')
      const isLate = states.length % 2 === 0
      await kill(() => !isLate || whole('killed') > before, random.below(isLate ? 25 : 400))
    }
    expect(states.some((count) => count > 0 && count < BATCHES)).toBe(true)
    const { code, stderr } = await spawnCommand([...ARGS, '-o', at('killed')]).ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(contents('killed')).toEqual(contents('whole'))
  })

  it('gives the same bytes on any number of threads', async () => {
    const { code, stderr } = await spawnCommand([...ARGS, '--threads=3', '-o', at('threads')]).ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(contents('threads')).toEqual(contents('whole'))
  })

  it('says why a model is refused, on any number of threads', async () => {
    cpSync(TINY, at('damaged'), { recursive: true })
    truncateSync(at('damaged/model.safetensors'), 5000)
    const args = ['run', REVIEWS, '--model', at('damaged'), '--quiet']
    const [alone, beside] = await Promise.all(
      [1, 2].map(
        (threads) => spawnCommand([...args, `--threads=${threads}`, '-o', at(`refused-${threads}`)]).ended,
      ),
    )
    expect(alone).toMatchObject({ code: 1, stdout: '' })
    expect(alone.stderr).toContain('the file has 5000')
    expect(beside).toEqual(alone)
    expect([1, 2].filter((threads) => existsSync(at(`refused-${threads}`)))).toEqual([])
  })

  it('finishes every thread’s batch at Ctrl-C, and goes on from there', async () => {
    const ended = await interrupt('threads-stopped', ['SIGINT'], 2)
    expect(ended).toMatchObject({ code: 130, stdout: '' })
    expect(Number(/(\d+) of 120/.exec(ended.stderr)?.[1])).toBe(8 * whole('threads-stopped'))
    expect(batches('threads-stopped').filter((file) => file.startsWith('.'))).toEqual([])
    expect((await spawnCommand([...ARGS, '--threads=2', '-o', at('threads-stopped')]).ended).code).toBe(0)
    expect(contents('threads-stopped')).toEqual(contents('whole'))
  })

  it('finishes the batch at Ctrl-C, and goes on from there', async () => {
    const ended = await interrupt('stopped', ['SIGINT'])
    expect(ended).toMatchObject({ code: 130, stdout: '' })
    expect(ended.stderr).toMatch(
      /Interrupted\. \d+ of 120 texts are measured and kept\. Run the same command again/,
    )
    const kept = Number(/(\d+) of 120/.exec(ended.stderr)?.[1])
    expect(kept).toBe(8 * whole('stopped'))
    expect(whole('stopped')).toBeLessThan(BATCHES)
    expect(batches('stopped').filter((file) => file.startsWith('.'))).toEqual([])
    expect((await spawnCommand([...ARGS, '-o', at('stopped')]).ended).code).toBe(0)
    expect(contents('stopped')).toEqual(contents('whole'))
  })

  it('stops at once at the second Ctrl-C, and goes on from there', async () => {
    const { code, signal, stdout, stderr } = await interrupt('twice', ['SIGINT', 'SIGTERM'])
    // If the run has just ended at the first, nobody listens to the second any more.
    expect(signal === 'SIGTERM' || code === 130).toBe(true)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/Interrupted|Stopped|finished first/)
    expect((await spawnCommand([...ARGS, '-o', at('twice')]).ended).code).toBe(0)
    expect(contents('twice')).toEqual(contents('whole'))
  })

  it('prints nothing but data, and lets its reader leave', async () => {
    const { code, stdout, stderr } = await spawnCommand([
      'explore',
      ...['--model', TINY, '--text', 'A great story.', '--position', '3', '--json'],
    ]).ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ position: 3 })
    const { child, ended } = spawnCommand(['merge', '-', at('whole')])
    ended.catch(() => {})
    child.stdout.destroy()
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
  })
})
