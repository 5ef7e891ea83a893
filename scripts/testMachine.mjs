import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DEJAVU = join(dirname(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/package.json'))), 'ttf')
const LIBERATION = fileURLToPath(new URL('../e2e/fonts/liberation', import.meta.url))

/**
 * The fonts that a test's browser finds, by the name of the set: folders, and the generic families in order of
 * preference.
 */
export const FONT_SETS = {
  /** Fonts of a Debian on which a browser was installed. */
  debian: { folders: [DEJAVU, LIBERATION], families: ['DejaVu', 'Liberation'] },
  dejavu: { folders: [DEJAVU], families: ['DejaVu'] },
  liberation: { folders: [LIBERATION], families: ['Liberation'] },
}

/** @typedef {keyof typeof FONT_SETS} FontSet */

/** Names the folder of the test machine to the processes that the tests start. */
const FOLDER_VARIABLE = 'RIPPLESCOPE_TEST_MACHINE'

/** Variables that a program needs in order to start, on any machine. */
const NEEDED_TO_START = ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR', 'SystemRoot', 'TEMP', 'TMP']

/** Language and time zone of everything that the tests start. */
export const LANGUAGE = 'en-US'
export const TIME_ZONE = 'UTC'

/**
 * Names that pages and browsers ask for, by the last word of the family that replaces them; those of a font whose
 * widths Liberation has take it first.
 */
const STANDS_FOR = {
  Sans: { generic: ['sans-serif', 'system-ui'], sameWidths: ['Arial', 'Helvetica'] },
  Serif: { generic: ['serif'], sameWidths: ['Times New Roman', 'Times'] },
  Mono: { generic: ['monospace'], sameWidths: ['Courier New', 'Courier'] },
}

/** @param {string} name @param {readonly string[]} families */
function alias(name, families) {
  const preferred = families.map((family) => `<family>${family}</family>`).join('')
  return `<alias binding="same"><family>${name}</family><prefer>${preferred}</prefer></alias>`
}

/**
 * Returns a configuration of fontconfig that names no folder but those of a set, and includes nothing of the machine's. As
 * in the usual configuration, a family that nobody knows is drawn without serifs.
 *
 * @param {FontSet} set
 * @param {string} cache folder for fontconfig's own notes
 */
function fontConfiguration(set, cache) {
  const { folders, families } = FONT_SETS[set]
  const aliases = Object.entries(STANDS_FOR).flatMap(([kind, { generic, sameWidths }]) => {
    const own = families.map(
      (family) => `${family} ${family === 'DejaVu' && kind === 'Mono' ? 'Sans Mono' : kind}`,
    )
    return [
      ...generic.map((name) => alias(name, own)),
      ...sameWidths.map((name) => alias(name, own.toReversed())),
    ]
  })
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  ${folders.map((folder) => `<dir>${folder}</dir>`).join('\n  ')}
  <cachedir>${cache}</cachedir>
  ${aliases.join('\n  ')}
  <match target="pattern">
    <edit name="family" mode="append_last" binding="weak"><string>${families[0]} Sans</string></edit>
    <edit name="antialias" mode="assign"><bool>true</bool></edit>
    <edit name="hintstyle" mode="assign"><const>hintslight</const></edit>
    <edit name="rgba" mode="assign"><const>none</const></edit>
  </match>
</fontconfig>
`
}

/**
 * Returns the folder that replaces the machine's in the tests: an empty home and the fonts' configurations. The first
 * call makes it; the processes that the tests start find the same one.
 *
 * @returns {string}
 */
export function testMachine() {
  const known = process.env[FOLDER_VARIABLE]
  if (known) return known
  const folder = mkdtempSync(join(tmpdir(), 'ripplescope-machine-'))
  mkdirSync(join(folder, 'home'))
  for (const set of /** @type {FontSet[]} */ (Object.keys(FONT_SETS))) {
    writeFileSync(join(folder, `${set}.conf`), fontConfiguration(set, join(folder, 'font-cache')))
  }
  process.env[FOLDER_VARIABLE] = folder
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Returns the environment that is the same on every machine: home, language, time zone. */
export function testEnvironment() {
  return {
    HOME: join(testMachine(), 'home'),
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    LANGUAGE: 'en',
    TZ: TIME_ZONE,
  }
}

/**
 * Returns the whole environment of a test's browser. Nothing of the machine's comes in but what a program needs to start.
 *
 * @param {FontSet} [fonts]
 * @returns {Record<string, string>}
 */
export function browserEnvironment(fonts = 'debian') {
  const inherited = NEEDED_TO_START.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return {
    ...Object.fromEntries(inherited),
    ...testEnvironment(),
    FONTCONFIG_FILE: join(testMachine(), `${fonts}.conf`),
  }
}
