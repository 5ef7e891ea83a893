import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './build.mjs'
import { ONE_FAILED, runReported, runTool } from './stages.mjs'

// Runs the families' tests and writes what they showed into docs/models.md: `node scripts/modelsTable.mjs`.

const PAGE = join(ROOT, 'docs/models.md')
const TABLE = /(<!-- table -->\n)[\s\S]*?(<!-- end of table -->)/

/** @typedef {{ ancestorTitles: string[], title: string, status: string }} Test */

/** What a column says, and by which tests of src/engine/families.test.ts. */
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

/** @param {Test[]} tests */
function tableOf(tests) {
  const titles = tests.map(({ ancestorTitles: [title] }) => title)
  const folders = [...new Set(titles.map((title) => /'([^']+)' on/.exec(title)?.[1] ?? title))]
  const devices = [...new Set(titles.map((title) => /' on '([^']+)'/.exec(title)?.[1] ?? title))]
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
  const head = ['`model_type`', 'fixture', ...COLUMNS.map(({ column }) => column)]
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  const passed = tests.filter(({ status }) => status === 'passed').length
  return `${lines.join('\n')}\n\n${passed} of ${tests.length} tests passed, on ${devices.join(' and ')}.\n`
}

const counts = await runReported(
  (report) =>
    runTool('vitest', [
      'run',
      'src/engine/families.test.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
    ]),
  /** @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number,
   *   testResults: { assertionResults: Test[] }[] }} report */
  (report) => {
    const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
    const page = readFileSync(PAGE, 'utf8')
    writeFileSync(
      PAGE,
      page.replace(TABLE, (_, start, end) => `${start}${tableOf(tests)}${end}`),
    )
    return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests }
  },
)
process.exitCode = counts === ONE_FAILED || counts.failed > 0 ? 1 : 0
