/**
 * node tokenizers-wasm/build.mjs [--offline] [--check]
 *
 * Builds the crate here into src/engine/tokenizer/tokenizers.wasm and writes artifact.json (its sha256, what it was built
 * from and with) and NOTICES.md (the crates in it). With `--check` it writes nothing and fails where the bytes differ from
 * the recorded ones. README.md says what has to be installed.
 */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CRATE = dirname(fileURLToPath(import.meta.url))
export const ARTIFACT = join(CRATE, '../src/engine/tokenizer/tokenizers.wasm')
export const RECORD = join(CRATE, 'artifact.json')
const SOURCES = ['Cargo.toml', 'Cargo.lock', 'src/lib.rs', 'fancy-regex/Cargo.toml', 'fancy-regex/src/lib.rs']

const TARGET = 'wasm32-unknown-unknown'
const RUSTC = process.env.RUSTC ?? '/usr/bin/rustc'
const LINKER = process.env.WASM_LD ?? 'wasm-ld-19'
/** One model's tokenizer with its vocabulary stays well below: Gemma's, the largest, takes about 300 MB to open. */
const MAX_MEMORY_BYTES = 2 ** 30

/** @param {string | Uint8Array} contents */
export const sha256Of = (contents) => createHash('sha256').update(contents).digest('hex')

/** One sha256 for all that the artifact is built from. */
export function sourcesSha256() {
  return sha256Of(SOURCES.map((path) => sha256Of(readFileSync(join(CRATE, path)))).join('\n'))
}

/** @param {string} command @param {string[]} args */
const firstLine = (command, args) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0]

/** The tools by their versions; throws where one is missing. */
function toolchain() {
  const sysroot = firstLine(RUSTC, ['--print', 'sysroot'])
  if (!existsSync(join(sysroot, 'lib/rustlib/src/rust/library/std'))) throw new Error('no sources of std')
  return {
    rustc: firstLine(RUSTC, ['--version']),
    linker: firstLine(LINKER, ['--version']),
  }
}

/** @param {string[]} args */
function cargo(args, env = {}) {
  return execFileSync('cargo', args, {
    cwd: CRATE,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, RUSTC, RUSTC_BOOTSTRAP: '1', ...env },
  })
}

/**
 * Builds the module: the same bytes wherever the same tools do it.
 *
 * @param {{ offline?: boolean }} [options]
 * @returns {Buffer}
 */
function buildModule({ offline = false } = {}) {
  const sysroot = firstLine(RUSTC, ['--print', 'sysroot'])
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo')
  const linker = firstLine('which', [LINKER])
  const flags = [
    `-Clinker=${linker}`,
    `-Clink-arg=--max-memory=${MAX_MEMORY_BYTES}`,
    '--cfg=getrandom_backend="custom"',
    // No path of the machine in the module.
    `--remap-path-prefix=${CRATE}=/crate`,
    `--remap-path-prefix=${cargoHome}=/cargo`,
    `--remap-path-prefix=${sysroot}=/rust`,
    '-Zlocation-detail=none',
  ]
  cargo(
    [
      'build',
      '--release',
      '--locked',
      '--quiet',
      '-Zbuild-std=std,panic_abort',
      '--target',
      TARGET,
      ...(offline ? ['--offline'] : []),
    ],
    { CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') },
  )
  const folder = process.env.CARGO_TARGET_DIR ?? join(CRATE, 'target')
  return readFileSync(join(folder, TARGET, 'release/tokenizers_wasm.wasm'))
}

/** @typedef {{ name: string, version: string, source: string | null, license: string, manifest_path: string }} Package */

/** The crates whose code is in the module, with their licences. */
function notices() {
  const names = new Set(
    cargo([
      'tree',
      '--locked',
      '--target',
      TARGET,
      '-e',
      'normal,no-proc-macro',
      '--prefix',
      'none',
      '--format',
      '{p}',
    ])
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' ').slice(0, 2).join(' ').replace(' v', ' ')),
  )
  /** @type {{ packages: Package[] }} */
  const { packages } = JSON.parse(cargo(['metadata', '--locked', '--format-version', '1']))
  const used = packages
    .filter(({ name, version, source }) => source !== null && names.has(`${name} ${version}`))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const texts = new Map()
  const rows = used.map(({ name, version, license, manifest_path }) => {
    const folder = dirname(manifest_path)
    for (const file of readdirSync(folder).filter((path) =>
      /^(licen[cs]e|copying|copyright|notice)/i.test(path),
    )) {
      const text = readFileSync(join(folder, file), 'utf8').trim()
      texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`])
    }
    return `| ${name} ${version} | ${license} |`
  })
  const all = [...texts].map(([text, owners]) => `## ${owners.join(', ')}\n\n\`\`\`\n${text}\n\`\`\``)
  return [
    '# Crates in tokenizers.wasm',
    '',
    'Written by `build.mjs`. Beside them the module holds parts of the Rust standard library (MIT OR Apache-2.0).',
    '',
    '| crate | licence |',
    '| --- | --- |',
    ...rows,
    '',
    ...all.join('\n\n').split('\n'),
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tools = toolchain()
  const built = buildModule({ offline: process.argv.includes('--offline') })
  const record = { sha256: sha256Of(built), bytes: built.length, sources: sourcesSha256(), tools }
  if (process.argv.includes('--check')) {
    const recorded = JSON.parse(readFileSync(RECORD, 'utf8'))
    console.log({ recorded, built: record })
    process.exitCode = recorded.sha256 === record.sha256 ? 0 : 1
  } else {
    writeFileSync(ARTIFACT, built)
    writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`)
    writeFileSync(join(CRATE, 'NOTICES.md'), notices())
    console.log(record)
  }
}
