import type { Cell, RippleMapGeometry } from './rippleMapGeometry'

/** Returns the cell to which a key leads; null for a key that does not move. Up is towards the last layer. */
export function nextCell(
  key: string,
  { layer, position }: Cell,
  { layers, positions }: Pick<RippleMapGeometry, 'layers' | 'positions'>,
): Cell | null {
  switch (key) {
    case 'ArrowUp':
      return { layer: Math.min(layers - 1, layer + 1), position }
    case 'ArrowDown':
      return { layer: Math.max(0, layer - 1), position }
    case 'ArrowRight':
      return { layer, position: Math.min(positions - 1, position + 1) }
    case 'ArrowLeft':
      return { layer, position: Math.max(0, position - 1) }
    case 'Home':
      return { layer, position: 0 }
    case 'End':
      return { layer, position: positions - 1 }
    case 'PageUp':
      return { layer: layers - 1, position }
    case 'PageDown':
      return { layer: 0, position }
    default:
      return null
  }
}
