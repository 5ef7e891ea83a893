import { cpSync, mkdtempSync, openAsBlob, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { isAddedColumn } from '../core/corpus/records/addedColumns'
import { TABLES } from '../core/corpus/records/records'
import { readRunFile } from '../corpus/files/runFile'
import { command, ROOT, TINY } from './commandFixture'

/** Files of version 0.1, made by `ripplescope run` (`folder` lacks its second batch) and by the page (`whole.csv.zip`). */
const SAMPLES = join(ROOT, 'fixtures/runs')
const SETTINGS = ['--sample=12', '--seed=3', '--perturbations=nearest,random', '--random-positions=1']
const MORE = ['--pairs=1', '--readings=2', '--quiet', '--threads=1']

const temporary = mkdtempSync(join(tmpdir(), 'ripplescope-former-'))
afterAll(() => rmSync(temporary, { recursive: true }))
const opened = async (path: string) => readRunFile(await openAsBlob(path))

describe('a run of an earlier version', async () => {
  const whole = await opened(join(SAMPLES, 'whole.zip'))

  it.each(['whole.json', 'whole.csv.zip'])('opens from %s with the same values', async (name) => {
    const { header, counts, tables, status } = await opened(join(SAMPLES, name))
    expect({ header, counts, tables, status }).toEqual({
      header: whole.header,
      counts: whole.counts,
      tables: whole.tables,
      status: 'finished',
    })
    expect(tables.sequences.rows).toBe(12)
  })

  it('goes on from its folder, and gives the values that it gave', async () => {
    const folder = join(temporary, 'folder')
    cpSync(join(SAMPLES, 'folder'), folder, { recursive: true })
    const texts = join(SAMPLES, 'texts.csv')
    const run = ['run', texts, '--model', TINY, ...SETTINGS, ...MORE, '-o', folder]
    expect(await command(run)).toEqual({ code: 0, stdout: '', stderr: '' })
    const merged = join(temporary, 'merged.zip')
    expect(await command(['merge', merged, folder])).toMatchObject({ code: 0 })
    const { header, counts, tables } = await opened(merged)
    expect({ header, counts }).toEqual({ header: whole.header, counts: whole.counts })
    for (const table of TABLES) {
      expect(tables[table].rows).toBe(whole.tables[table].rows)
      for (const [column, values] of Object.entries(tables[table].columns)) {
        // What the earlier version did not measure, it has no values of.
        if (isAddedColumn(table, column)) continue
        const before = Array.from(whole.tables[table].columns[column])
        // Floats of another machine's instructions are equal but for their last bits.
        if (!(values instanceof Float32Array)) expect(Array.from(values)).toEqual(before)
        else for (const [row, value] of values.entries()) expect(value).toBeCloseTo(before[row], 4)
      }
    }
  })
})
