import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { countsLine, playwrightCounts, runReported, stageCounts, totalOf, vitestCounts } from './stages.mjs'

const CLEAN = { passed: 3, failed: 0, skipped: 1 }

describe('vitestCounts', () => {
  it('counts a file that could not be loaded as one failed', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [
        { status: 'failed', assertionResults: [] },
        { status: 'failed', assertionResults: [{}] },
        { status: 'passed', assertionResults: [{}] },
      ],
    }
    expect(vitestCounts(report)).toEqual({ passed: 3, failed: 2, skipped: 2 })
  })
})

describe('playwrightCounts', () => {
  it('counts a flaky test as failed', () => {
    const stats = { expected: 2, unexpected: 1, flaky: 1, skipped: 4 }
    expect(playwrightCounts({ stats })).toEqual({ passed: 2, failed: 2, skipped: 4 })
  })
})

describe('stageCounts', () => {
  it('is what the report says where the tool ended well', () => {
    expect(stageCounts(0, CLEAN)).toEqual(CLEAN)
  })

  it.each([
    ['crashed after its tests', 1, CLEAN],
    ['ran no test', 0, { passed: 0, failed: 0, skipped: 2 }],
    ['left no report', 0, undefined],
  ])('fails once where the tool %s', (_, exitCode, counts) => {
    expect(stageCounts(exitCode, counts).failed).toBe(1)
  })

  it('does not count a failure twice', () => {
    expect(stageCounts(1, { passed: 1, failed: 2, skipped: 0 }).failed).toBe(2)
  })
})

describe('runReported', () => {
  const count = (/** @type {import('./stages.mjs').Counts} */ report) => report

  it('counts what the tool reported', async () => {
    const run = async (/** @type {string} */ path) => {
      writeFileSync(path, JSON.stringify(CLEAN))
      return 0
    }
    expect(await runReported(run, count)).toEqual(CLEAN)
  })

  it('fails once where the report is damaged', async () => {
    const run = async (/** @type {string} */ path) => {
      writeFileSync(path, '{"passed": 3, ')
      return 0
    }
    expect(await runReported(run, count)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

describe('countsLine', () => {
  it('names what was skipped only where something was', () => {
    expect(countsLine(totalOf([CLEAN, CLEAN]))).toBe('6 passed, 0 failed, 2 skipped')
    expect(countsLine({ passed: 6, failed: 1, skipped: 0 })).toBe('6 passed, 1 failed')
  })
})
