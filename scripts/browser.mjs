import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'
import { browserEnvironment } from './testMachine.mjs'

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser']

/** Programs themselves: the scripts that start them add flags from elsewhere on the machine (`/etc/chromium.d`). */
const PROGRAMS = ['/opt/google/chrome/chrome', '/usr/lib/chromium/chromium']

const PATHS = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const LAUNCH_LIMIT = 180_000
const INSTALL_LIMIT = 600_000

const WHAT_TO_INSTALL =
  'No Chromium that starts: install Google Chrome or Chromium (Debian: apt-get install chromium), or set CHROME_PATH.'

/** Flags for every Chromium of ours: quiet on the network, and able to start as root. */
export const CHROMIUM_FLAGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
]

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Lists Chrome and Chromium as installed on this machine, those named by the user first; they may still not start. */
function installedBrowsers() {
  const named = [process.env.CHROME_PATH, process.env.PLAYWRIGHT_CHROMIUM]
  const folders = (process.env.PATH ?? '').split(delimiter)
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  const candidates = [...named, ...PROGRAMS, ...onPath, ...PATHS].filter(
    (path) => path !== undefined && isExecutable(path),
  )
  return [...new Set(candidates)]
}

/**
 * Says whether it really starts: Ubuntu's `chromium` may be a stub that asks for a snap, and Playwright's own may lack
 * system libraries.
 *
 * @param {string | undefined} path
 * @returns {Promise<boolean>}
 */
async function starts(path) {
  if (path === undefined || !existsSync(path)) return false
  try {
    const browser = await chromium.launch({
      executablePath: path,
      args: CHROMIUM_FLAGS,
      env: browserEnvironment(),
      timeout: LAUNCH_LIMIT,
    })
    await browser.close()
    return true
  } catch {
    return false
  }
}

/**
 * Runs an installer, its output on ours.
 *
 * @param {string} command
 * @param {string[]} args
 */
function install(command, args) {
  console.log(`> ${command} ${args.join(' ')}`)
  return spawnSync(command, args, { stdio: 'inherit', timeout: INSTALL_LIMIT }).status === 0
}

/** Runs the system's package manager as root, or with `sudo` where it asks for no password. */
function installWithPackageManager() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return
  const [command, ...prefix] = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  if (install(command, [...prefix, 'update'])) install(command, [...prefix, 'install', '-y', 'chromium'])
}

/** @returns {Promise<string | undefined>} */
async function firstThatStarts() {
  for (const path of installedBrowsers()) if (await starts(path)) return path
  return undefined
}

/**
 * Returns the path of a Chromium that starts: installed Chrome or Chromium, else Playwright's own (fetched where it can
 * be reached), else from the system's package manager.
 *
 * @returns {Promise<string>} rejects with one line that says what to install
 */
export async function findBrowser() {
  const installed = await firstThatStarts()
  if (installed) return installed

  const own = chromium.executablePath()
  if (await starts(own)) return own
  if (install('npx', ['playwright', 'install', 'chromium'])) {
    if (await starts(own)) return own
    if (install('npx', ['playwright', 'install-deps', 'chromium']) && (await starts(own))) return own
  }

  installWithPackageManager()
  const packaged = await firstThatStarts()
  if (packaged) return packaged
  throw new Error(WHAT_TO_INSTALL)
}
