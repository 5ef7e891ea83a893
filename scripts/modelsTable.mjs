import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ROOT } from './build.mjs'
import { ONE_FAILED, runReported, runTool } from './stages.mjs'

// Runs the tests of families and of routes and writes what they showed into docs/models.md:
//
//     node scripts/modelsTable.mjs          with the files in fixtures/onnx
//     node scripts/modelsTable.mjs FOLDER   with every model through every exporter (training/make_onnx.py FOLDER --all,
//                                           then training/make_optimum.py FOLDER)

const PAGE = join(ROOT, 'docs/models.md')
const FAMILIES = 'src/engine/families.test.ts'
const TORCH = 'src/engine/torchModels.test.ts'
const ONNX = 'src/engine/foreign/foreign.test.ts'

const [, , folder] = process.argv
if (folder) process.env.ONNX_FIXTURES = resolve(folder)
const onnxFolder = process.env.ONNX_FIXTURES ?? join(ROOT, 'fixtures/onnx')

/** @typedef {{ ancestorTitles: string[], title: string, status: string }} Test */

/** Columns of heads, each with the tests of families that show it. */
const COLUMNS = [
  { column: 'no head', of: 'base', tests: /^reads the file of a bare model/ },
  { column: 'classification', of: 'classifier', tests: /^gives h_0/ },
  { column: 'language model', of: 'languageModel', tests: /^gives the scores of tokens/ },
  {
    column: 'neighbours, closest tokens',
    of: null,
    tests: /^(finds the neighbours|reads the hidden states)/,
  },
]

/** @param {Test[]} tests of families */
const devicesOf = (tests) => [
  ...new Set(tests.map(({ ancestorTitles: [title] }) => /' on '([^']+)'/.exec(title)?.[1] ?? title)),
]

/** @param {Test[]} tests of families */
function headsTable(tests) {
  const titles = tests.map(({ ancestorTitles: [title] }) => title)
  const folders = [...new Set(titles.map((title) => /'([^']+)' on/.exec(title)?.[1] ?? title))]
  const rows = folders.map((folder) => {
    const { model } = JSON.parse(readFileSync(join(ROOT, 'fixtures', folder, 'reference.json'), 'utf8'))
    const own = tests.filter(({ ancestorTitles: [title] }) => title.startsWith(`'${folder}' on`))
    const cells = COLUMNS.map(({ of, tests }) => {
      const shown = own.filter(({ title }) => tests.test(title))
      const passed = shown.filter(({ status }) => status === 'passed')
      if (shown.length === 0 || passed.length < shown.length)
        return `${passed.length} of ${shown.length} tests`
      return of ? `yes: \`${model[of]}\`` : 'yes'
    })
    return [`\`${model.family}\``, `\`${folder}\``, ...cells]
  })
  return markdown(['`model_type`', 'fixture', ...COLUMNS.map(({ column }) => column)], rows)
}

/** @typedef {{ file: string, model: string, unfit?: string, invalid?: string }} OnnxFile */

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function markdown(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Columns of routes, by the part of an ONNX file's name after the model's. */
const ROUTES = [
  { column: 'torch.onnx by tracing, opset', route: /^legacy-(\d+)$/ },
  { column: 'torch.export, opset', route: /^dynamo-(\d+)$/ },
  { column: 'rewritten by', route: /^(slim|ort|fused(?:-\d+)?)$/ },
  {
    column: 'other forms',
    route: /^(external|constants|fp16-weights|int8-weights|int32|past|merged|genai|fp16|quantized)$/,
  },
  { column: "optimum's exporter", route: /^(optimum(?:-past|-O2)?)$/ },
]

/** Words for the parts of names. */
const WORDS = {
  slim: 'onnxslim',
  ort: 'ONNX Runtime',
  fused: 'its transformers optimizer',
  external: 'external data',
  constants: 'weights as constants',
  int32: '32-bit ids',
  'fp16-weights': 'fp16 weights',
  'int8-weights': 'int8 weights',
  optimum: 'as it is',
  'optimum-past': 'past keys and values',
  'optimum-O2': 'optimised (O2)',
  past: 'past keys and values',
  merged: 'merged decoder',
  genai: 'onnxruntime-genai',
  fp16: 'fp16 throughout',
  quantized: 'dynamic int8',
}

/** Reason for refusing a file that opens elsewhere (src/onnx/foreign/fitness.ts). */
const UNFIT = 'its rounding is larger than the distances'

const HEADS = {
  none: 'no head',
  classification: 'classification',
  'masked-lm': 'masked LM',
  'causal-lm': 'causal LM',
}

/**
 * Writes the table of families by the ways that a model of them can come, with the head that was compared.
 *
 * @param {Map<string, Test[]>} tests by file of tests
 */
function routesTable(tests) {
  /** @typedef {{ models: Record<string, { family: string, head: keyof typeof HEADS }>, files: OnnxFile[] }} Made */
  /** @type {Made} */
  const made = JSON.parse(readFileSync(join(onnxFolder, 'reference.json'), 'utf8'))
  const ofOptimum = join(onnxFolder, 'optimum.json')
  /** @type {Made} */
  const optimum = existsSync(ofOptimum)
    ? JSON.parse(readFileSync(ofOptimum, 'utf8'))
    : { models: {}, files: [] }
  const models = { ...made.models, ...optimum.models }
  const files = [...made.files, ...optimum.files]
  const families = [...new Set(Object.values(models).map(({ family }) => family))].sort()
  /** Says whether every test of this title passed. @param {string} file @param {(title: string) => boolean} isOf */
  const passes = (file, isOf) => {
    const own = (tests.get(file) ?? []).filter(({ ancestorTitles: [title] }) => isOf(title))
    return own.length > 0 && own.every(({ status }) => status === 'passed')
  }
  const familyOf = new Map(
    (tests.get(FAMILIES) ?? []).map(({ ancestorTitles: [title] }) => {
      const fixture = /'([^']+)' on/.exec(title)?.[1] ?? ''
      const { model } = JSON.parse(readFileSync(join(ROOT, 'fixtures', fixture, 'reference.json'), 'utf8'))
      return [title, model.family]
    }),
  )
  const rows = families.map((family) => {
    const own = Object.entries(models).filter(([, model]) => model.family === family)
    const safetensors = passes(FAMILIES, (title) => familyOf.get(title) === family) ? 'all three' : 'no'
    const torch = own
      .filter(([name]) => name in made.models)
      .map(([name, { head }]) =>
        passes(TORCH, (title) => title.startsWith(`${name}.bin `)) ? HEADS[head] : `${HEADS[head]}: no`,
      )
      .join(', ')
    const cells = ROUTES.map(({ route }) => {
      const parts = own.flatMap(([name, { head }]) => {
        const found = files.flatMap((file) => {
          const part = route.exec(file.file.slice(0, -'.onnx'.length).slice(name.length + 1))?.[1]
          return file.model === name && part ? [{ ...file, part: wordsOf(part) }] : []
        })
        const works = found.filter(({ file, invalid }) => !invalid && passes(ONNX, isOfFile(file)))
        const fails = found.filter((one) => !works.includes(one))
        return [
          ...(works.length > 0 ? [`${works.map(({ part }) => part).join(', ')} (${HEADS[head]})`] : []),
          ...fails.map(
            ({ part, invalid, unfit }) => `not ${part}: ${invalid ?? (unfit ? UNFIT : 'its tests fail')}`,
          ),
        ]
      })
      return parts.join('; ') || '–'
    })
    return [`\`${family}\``, safetensors, torch, ...cells]
  })
  const columns = ROUTES.map(({ column }) => column)
  return markdown(['`model_type`', 'safetensors, shards', '`pytorch_model.bin`', ...columns], rows)
}

/** @param {string} part */
const wordsOf = (part) => (part in WORDS ? WORDS[/** @type {keyof typeof WORDS} */ (part)] : part)

/** @param {string} file */
const isOfFile = (file) => (/** @type {string} */ title) => title.startsWith(`'${file}'`)

/**
 * @param {string} page
 * @param {string} name
 * @param {string} content
 */
function filled(page, name, content) {
  const place = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- end of ${name} -->)`)
  return page.replace(place, (_, start, end) => `${start}${content}\n${end}`)
}

const counts = await runReported(
  (report) =>
    runTool('vitest', [
      'run',
      FAMILIES,
      TORCH,
      ONNX,
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
    ]),
  /** @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number,
   *   testResults: { name: string, assertionResults: Test[] }[] }} report */
  (report) => {
    const tests = new Map(
      report.testResults.map(({ name, assertionResults }) => [
        [FAMILIES, TORCH, ONNX].find((file) => name.endsWith(file)) ?? name,
        assertionResults,
      ]),
    )
    const ofFamilies = tests.get(FAMILIES) ?? []
    const passed = `${report.numPassedTests} of ${report.numPassedTests + report.numFailedTests} tests passed`
    const page = readFileSync(PAGE, 'utf8')
    writeFileSync(
      PAGE,
      filled(
        filled(page, 'table', `${headsTable(ofFamilies)}\n`),
        'routes',
        `${routesTable(tests)}\n\n${passed}; the first table's on ${devicesOf(ofFamilies).join(' and ')}.\n`,
      ),
    )
    return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests }
  },
)
process.exitCode = counts === ONE_FAILED || counts.failed > 0 ? 1 : 0
