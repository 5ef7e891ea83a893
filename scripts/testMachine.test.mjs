import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { browserEnvironment, FONT_SETS, testMachine } from './testMachine.mjs'

describe('the environment of a test’s browser', () => {
  it('has nothing of the machine’s but what a program needs to start', () => {
    vi.stubEnv('LANG', 'de_DE.UTF-8')
    vi.stubEnv('LC_NUMERIC', 'de_DE.UTF-8')
    vi.stubEnv('TZ', 'Asia/Tokyo')
    vi.stubEnv('HOME', '/home/somebody')
    vi.stubEnv('XDG_CONFIG_HOME', '/home/somebody/.config')
    vi.stubEnv('CHROMIUM_FLAGS', '--force-dark-mode')
    vi.stubEnv('FONTCONFIG_FILE', '/etc/fonts/fonts.conf')
    const { PATH, LD_LIBRARY_PATH: _, TMPDIR: __, ...rest } = browserEnvironment('dejavu')
    expect(PATH).toBe(process.env.PATH)
    expect(rest).toEqual({
      HOME: join(testMachine(), 'home'),
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      LANGUAGE: 'en',
      TZ: 'UTC',
      FONTCONFIG_FILE: join(testMachine(), 'dejavu.conf'),
    })
    vi.unstubAllEnvs()
  })
})

describe.each(Object.entries(FONT_SETS))('the fonts of %s', (set, { folders }) => {
  const configuration = readFileSync(join(testMachine(), `${set}.conf`), 'utf8')

  it('lie in the repository or in its packages', () => {
    const named = [...configuration.matchAll(/<dir[^>]*>([^<]*)<\/dir>/g)].map(([, folder]) => folder)
    expect(named).toEqual(folders)
    for (const folder of folders) {
      expect(folder).toMatch(/e2e.fonts|node_modules.dejavu/)
      expect(readdirSync(folder).filter((name) => name.endsWith('.ttf')).length).toBeGreaterThan(4)
    }
  })

  it('come with no configuration of the machine', () => {
    expect(configuration).not.toMatch(/<include|prefix=/)
    expect(configuration).toContain(`<cachedir>${testMachine()}`)
  })
})
