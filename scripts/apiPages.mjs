/**
 * node scripts/apiPages.mjs [--check]
 *
 * Writes docs/api/ from the docstrings of what the library exports; `--check` only says whether the pages are what it would write.
 */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from './build.mjs'
import { runTool } from './stages.mjs'

export const PAGES = join(ROOT, 'docs/api')

/** Pages, each with the items of some files in `src`; the first that matches. */
const TOPICS = [
  {
    file: 'model.md',
    title: 'A model',
    about: 'Opening a model, and what it can be asked.',
    from: /^(api\/(index|exports|model|hubModel|explore)\.|engine\/|weights\/|core\/(explorer|modelSource)\.)/,
  },
  {
    file: 'runs.md',
    title: 'Runs over many texts',
    about: 'The experiments of the paper over a corpus: settings, records, figures, files.',
    from: /^(core\/corpus|corpus|api\/runTexts)/,
  },
  {
    file: 'measures.md',
    title: 'Measures',
    about: 'What the answers are made of, and the functions that make one from another.',
    from: /^core\//,
  },
]

/**
 * @typedef {object} ApiItem as api-extractor writes it (its `*.api.json`)
 * @property {string} kind
 * @property {string} name
 * @property {string} [docComment]
 * @property {{ kind: string, text: string }[]} excerptTokens
 * @property {string} [fileUrlPath]
 * @property {ApiItem[]} [members]
 */

/** Returns what the library exports, sorted by name. @returns {Promise<ApiItem[]>} */
async function readApi() {
  const folder = await mkdtemp(join(tmpdir(), 'ripplescope-api-'))
  try {
    const types = join(folder, 'types')
    const args = ['-p', 'scripts/tsconfig.library.json', '--outDir', types]
    if ((await runTool('tsc', args)) !== 0) throw new Error('the types of the library could not be written')
    const model = join(folder, 'ripplescope.api.json')
    extract(folder, join(types, 'api/index.d.ts'), model)
    const { members } = JSON.parse(await readFile(model, 'utf8'))
    return members[0].members
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string} folder
 * @param {string} entry
 * @param {string} model written
 */
function extract(folder, entry, model) {
  const { Extractor, ExtractorConfig } = createRequire(import.meta.url)('@microsoft/api-extractor')
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: entry,
      // Its own compiler reads no option newer than itself.
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2022',
            module: 'esnext',
            moduleResolution: 'bundler',
            strict: true,
            skipLibCheck: true,
            lib: ['es2022', 'dom'],
            types: [],
          },
          files: [entry],
        },
      },
      apiReport: { enabled: false },
      docModel: { enabled: true, apiJsonFilePath: model },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
    },
    packageJsonFullPath: join(ROOT, 'package.json'),
    configObjectFullPath: undefined,
  })
  /** @type {string[]} */
  const missing = []
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (/** @type {{ messageId: string, text: string, handled: boolean }} */ message) => {
      if (message.messageId === 'ae-forgotten-export') missing.push(message.text)
      message.handled = true
    },
  })
  if (missing.length > 0) throw new Error(missing.join('\n'))
}

const LIBRARY_FILE = /^(?:.*\/)?types\/(.*)\.d\.ts$/

/** @param {ApiItem} item */
const topicOf = ({ name, fileUrlPath = '' }) => {
  const place = `${LIBRARY_FILE.exec(fileUrlPath)?.[1] ?? fileUrlPath}.ts`
  const topic = TOPICS.find(({ from }) => from.test(place))
  if (!topic) throw new Error(`${name} of ${place} has no page`)
  return topic
}

/** Reads a docstring: its text, then its tags in their order. @param {string} [comment] */
function readComment(comment = '') {
  const text = comment
    .replace(/^\/\*\*\s*/, '')
    .replace(/\s*\*\/\s*$/, '')
    .replace(/^\s*\* ?/gm, '')
  const [said, ...tags] = text.split(/^@(?=param|returns|throws|example)/m)
  return {
    said: said.trim(),
    tags: tags.map((tag) => {
      const [, name, rest] = /^(\w+)\s*([\s\S]*)$/.exec(tag) ?? []
      const [, of, what] = (name === 'param' && /^(?:- )?([\w.]+)\s+(?:- )?([\s\S]*)$/.exec(rest)) || []
      return { name, of, what: (what ?? rest ?? '').trim() }
    }),
  }
}

/** Escapes square brackets, which are shapes here, not links. @param {string} text */
const prose = (text) => text.replace(/\[/g, '\\[').replace(/</g, '&lt;')

/** @param {ReturnType<typeof readComment>['tags'][number]} tag */
const tagText = ({ name, of, what }) =>
  `${of ? `\`${of}\`` : name === 'throws' ? 'Throws' : name === 'returns' ? 'Returns' : name}: ${prose(what)}`

/** @param {ApiItem} item */
const declarationOf = ({ excerptTokens }) =>
  excerptTokens
    .map(({ text }) => text)
    .join('')
    .replace(/^export (declare )?/, '')
    .trim()

/** Fits a text into one line of a table. @param {string} text */
const inLine = (text) => text.replace(/\s+/g, ' ').replace(/\|/g, '\\|').trim()

/** @param {ApiItem} member */
function memberRow(member) {
  const { said, tags } = readComment(member.docComment)
  const what = [prose(said), ...tags.map(tagText)].filter(Boolean).join(' ')
  const declaration = inLine(declarationOf(member).replace(/^readonly /, '')).replace(/;$/, '')
  return `| \`${declaration}\` | ${inLine(what)} |`
}

/** @param {ApiItem} item */
function sectionOf(item) {
  const { said, tags } = readComment(item.docComment)
  const lines = [`## ${item.name}`, '', '```ts', declarationOf(item), '```']
  if (said) lines.push('', prose(said))
  if (tags.length > 0) lines.push('', ...tags.map((tag) => `- ${tagText(tag).replace(/\s*\n\s*/g, ' ')}`))
  const members = item.members ?? []
  if (members.length > 0)
    lines.push('', '| member | what it is |', '| --- | --- |', ...members.map(memberRow))
  return `${lines.join('\n')}\n`
}

const NOTE = '<!-- Written by `npm run docs:api` from the docstrings in src. -->\n'

/** Returns all pages by file name. @returns {Promise<Map<string, string>>} */
export async function apiPages() {
  const items = await readApi()
  const pages = new Map()
  const index = [
    `${NOTE}\n# Interface of the library\n`,
    "Written from the docstrings of the source by `npm run docs:api`. `import { … } from 'ripplescope'` gives all of it; " +
      '[library.md](../library.md) shows how it is used.\n',
  ]
  for (const topic of TOPICS) {
    const { file, title, about } = topic
    const own = items.filter((item) => topicOf(item) === topic)
    pages.set(file, [`${NOTE}\n# ${title}\n`, `${about}\n`, ...own.map(sectionOf)].join('\n'))
    const links = own.map(({ name }) => `[\`${name}\`](${file}#${name.toLowerCase()})`)
    index.push(`## [${title}](${file})\n`, `${about}\n`, `${links.join(', ')}\n`)
  }
  return pages.set('README.md', index.join('\n'))
}

/** Lists the pages that are not as they would be written. @returns {Promise<string[]>} */
export async function stalePages() {
  const pages = [...(await apiPages())]
  const found = await Promise.all(
    pages.map(([file]) => readFile(join(PAGES, file), 'utf8').catch(() => null)),
  )
  return pages.flatMap(([file, text], i) => (found[i] === text ? [] : [file]))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const stale = await stalePages()
    if (stale.length > 0) console.error(`Not current: ${stale.join(', ')}. Run npm run docs:api.`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    await mkdir(PAGES, { recursive: true })
    for (const [file, text] of await apiPages()) await writeFile(join(PAGES, file), text)
  }
}
