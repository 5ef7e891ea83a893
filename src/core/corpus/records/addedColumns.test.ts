import { describe, expect, it } from 'vitest'
import { rowOf } from '../runFixture'
import { DEFAULT_SETTINGS } from '../runLinkSchema'
import { PLACES } from '../runSettings'
import { completeTables, fileSchema } from './addedColumns'
import { createRecordBuilder } from './recordBuilder'
import { NO_LABEL, ownColumn, type RecordTables, tableSchemas } from './records'

const LAYERS = 2
const { perturbations, pairs } = tableSchemas(LAYERS)
const names = (schema: readonly { readonly name: string }[]) => schema.map(({ name }) => name)

describe('columns that were added since a file was written', () => {
  it('are those that earlier files lack, all of them or none', () => {
    const earlier = names(perturbations).filter((name) => !name.startsWith('own_'))
    expect(names(fileSchema('perturbations', perturbations, earlier))).toEqual(earlier)
    expect(fileSchema('perturbations', perturbations, names(perturbations))).toBe(perturbations)
    // A file that lost one of them is damaged, not of an earlier version.
    expect(fileSchema('perturbations', perturbations, [...earlier, 'own_1'])).toBe(perturbations)
  })

  it('are filled with what is known of such rows', () => {
    const builder = createRecordBuilder(LAYERS)
    builder.add('perturbations', rowOf('perturbations', { distance_1: 3 }))
    builder.add('pairs', rowOf('pairs', { both_1: 4 }))
    const now = builder.build()
    const without = (table: 'perturbations' | 'pairs', pattern: RegExp) => ({
      rows: 1,
      columns: Object.fromEntries(Object.entries(now[table].columns).filter(([name]) => !pattern.test(name))),
    })
    const before: RecordTables = {
      ...now,
      perturbations: without('perturbations', /^own_/),
      pairs: without('pairs', /^(place|label|probability|divergence)/),
    }
    const complete = completeTables({ layers: LAYERS, settings: DEFAULT_SETTINGS }, before)
    expect(Object.keys(complete.perturbations.columns)).toEqual(names(perturbations))
    expect(Object.keys(complete.pairs.columns)).toEqual(names(pairs))
    expect(complete.perturbations.columns.distance_1[0]).toBe(3)
    for (const layer of [0, 1, 2]) expect(complete.perturbations.columns[ownColumn(layer)][0]).toBeNaN()
    const { place, label_both, probability_both, divergence_both, both_1 } = complete.pairs.columns
    expect(PLACES[place[0]]).toBe('random')
    expect([label_both[0], probability_both[0], divergence_both[0], both_1[0]]).toEqual([
      NO_LABEL,
      Number.NaN,
      Number.NaN,
      4,
    ])
    expect(
      completeTables({ layers: LAYERS, settings: DEFAULT_SETTINGS }, now).pairs.columns.probability_both,
    ).toBe(now.pairs.columns.probability_both)
  })
})
