import { useState } from 'react'
import { DataTable } from '../../charts/DataTable'
import type { ComparedLayer } from '../../core/comparison/comparisonTable'
import { shown3, signed3 } from './compareNumbers'

type LayerQuantity = 'distance' | 'relative'

const QUANTITIES: readonly (readonly [LayerQuantity, string])[] = [
  ['distance', 'absolute'],
  ['relative', 'relative'],
]

interface CompareLayerTableProps {
  readonly layers: readonly ComparedLayer[]
  readonly names: { readonly first: string; readonly second: string }
  /** True if the sides are two models: their norms are not on one scale, so relative distances are shown first. */
  readonly twoModels: boolean
}

/** Draws both values of every layer; models of different depth are matched by relative depth. */
export function CompareLayerTable({ layers, names, twoModels }: CompareLayerTableProps) {
  const [picked, setPicked] = useState<LayerQuantity | null>(null)
  const quantity = picked ?? (twoModels ? 'relative' : 'distance')
  const last = layers.at(-1)?.layers
  const sameDepth = last?.first === last?.second
  const label = quantity === 'distance' ? 'D_l, l2' : 'D_l / ‖h_l(x)‖'
  const layerName = ({ depth, layers: { first, second } }: ComparedLayer) => {
    const named = (layer: number) => (layer === 0 ? 'emb' : `${layer}`)
    return sameDepth ? named(first) : `${depth.toFixed(2)}: ${named(first)}, ${named(second)}`
  }
  return (
    <>
      <fieldset className="segments">
        <legend className="visually-hidden">Difference shown by layer</legend>
        {QUANTITIES.map(([value, name]) => (
          <label key={value}>
            <input
              type="radio"
              name="compare-quantity"
              checked={quantity === value}
              onChange={() => setPicked(value)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      <DataTable
        caption={`Both sides by layer: ${label}${sameDepth ? '' : '; layers at the same depth l / L'}`}
        columns={[
          { heading: sameDepth ? 'layer' : 'depth: layers' },
          { heading: names.first, numeric: true },
          { heading: names.second, numeric: true },
          { heading: 'difference', numeric: true },
          { heading: 'ratio', numeric: true },
        ]}
        rows={layers.map((layer) => {
          const { first, second, difference, ratio } = layer[quantity]
          return {
            id: layer.depth,
            cells: [layerName(layer), shown3(first), shown3(second), signed3(difference), shown3(ratio)],
          }
        })}
      />
    </>
  )
}
