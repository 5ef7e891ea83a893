import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { NONE } from '../core/corpus/records/records'
import { SHIPPED_RUNS, shippedRunName, shippedRunOf } from '../core/corpus/shippedRuns'
import { readRunFile } from './files/runFile'

const CORPORA = new URL('../../public/corpora/', import.meta.url)
const MOST_BYTES = 2_000_000

describe('the runs that come with the page', () => {
  it('are the files that are there', () => {
    const files = readdirSync(CORPORA).filter((name) => name.endsWith('.zip'))
    expect(files.sort()).toEqual(SHIPPED_RUNS.map(({ id }) => `${id}.zip`).sort())
    expect(new Set(SHIPPED_RUNS.map(shippedRunName)).size).toBe(SHIPPED_RUNS.length)
  })

  it('are named by what was measured', () => {
    const [first] = SHIPPED_RUNS
    expect(shippedRunName(first)).toBe(`${first.measured} ${first.texts} · ${first.model}`)
    expect(shippedRunOf(first.id)).toBe(first)
    expect(shippedRunOf('another')).toBeNull()
  })

  it.each(SHIPPED_RUNS)('$id is of the model and the texts that its name says, and small', async (entry) => {
    const bytes = readFileSync(new URL(`${entry.id}.zip`, CORPORA))
    expect(bytes.length).toBeLessThan(MOST_BYTES)
    const { header, tables, tokenNames, figures } = await readRunFile(new Blob([Uint8Array.from(bytes)]))
    expect(header.id).toBe(entry.id)
    expect(header.origin.kind).toBe('shipped')
    expect(header.provenance.sha256).toBe(entry.sha256)
    expect([tables.sequences.rows, header.sampled]).toEqual([entry.measured, entry.sampled])
    // Charts name its tokens whatever model is open.
    expect(tokenNames).not.toBeNull()
    expect(figures?.l2?.frequency).not.toBeNull()
    // What texts could be put together from is not in it.
    for (const table of [tables.occurrences, tables.readings]) {
      expect(table.rows).toBeGreaterThan(0)
      expect(table.columns.sequence.every((sequence) => sequence === NONE)).toBe(true)
      expect(table.columns.position.every((position) => position === 0)).toBe(true)
    }
  })
})
