import type { View } from '../scatterView'

/** Names a place in the data's plane. */
export type Place = readonly [x: number, y: number]

/** Finds points by place, for picking with a pointer. */
export interface PointGrid {
  /**
   * Returns the point nearest to a place, or -1 if none is within the radii.
   *
   * @param radii reach along x and along y in the data's units: the same number of px on the screen
   */
  nearest(place: Place, radii: readonly [number, number]): number
  /** Returns the points inside a polygon (even-odd), ascending. */
  inside(polygon: readonly Place[]): Uint32Array
}

const SIDE = 256
const BANDS = 128

/** Sorts the edges of a polygon into bands of y, so that a point is tested only against the few that cross its band. */
function edgeBands(polygon: readonly Place[], low: number, high: number): Float64Array[] {
  const edges: number[][] = Array.from({ length: BANDS }, () => [])
  const bandOf = (y: number) =>
    Math.max(0, Math.min(BANDS - 1, Math.floor(((y - low) / (high - low)) * BANDS)))
  polygon.forEach(([x1, y1], i) => {
    const [x2, y2] = polygon[(i + 1) % polygon.length]
    const last = bandOf(Math.max(y1, y2))
    for (let band = bandOf(Math.min(y1, y2)); band <= last; band++) edges[band].push(x1, y1, x2, y2)
  })
  return edges.map((list) => Float64Array.from(list))
}

function contains(edges: Float64Array, x: number, y: number): boolean {
  let inside = false
  for (let e = 0; e < edges.length; e += 4) {
    const y1 = edges[e + 1]
    const y2 = edges[e + 3]
    if (y1 > y !== y2 > y && x < ((edges[e + 2] - edges[e]) * (y - y1)) / (y2 - y1) + edges[e])
      inside = !inside
  }
  return inside
}

/**
 * Builds a grid over the points by counting sort: linear in their number, two integers a point.
 *
 * @param home covers all finite points
 */
export function createPointGrid(x: Float32Array, y: Float32Array, home: View): PointGrid {
  const across = SIDE / (home.x[1] - home.x[0])
  const up = SIDE / (home.y[1] - home.y[0])
  const column = (value: number) => Math.max(0, Math.min(SIDE - 1, Math.floor((value - home.x[0]) * across)))
  const row = (value: number) => Math.max(0, Math.min(SIDE - 1, Math.floor((value - home.y[0]) * up)))

  const finite = (i: number) => Number.isFinite(x[i]) && Number.isFinite(y[i])
  const starts = new Uint32Array(SIDE * SIDE + 1)
  for (let i = 0; i < x.length; i++) if (finite(i)) starts[row(y[i]) * SIDE + column(x[i]) + 1]++
  for (let cell = 0; cell < SIDE * SIDE; cell++) starts[cell + 1] += starts[cell]
  const next = starts.slice()
  const members = new Uint32Array(starts[SIDE * SIDE])
  for (let i = 0; i < x.length; i++) if (finite(i)) members[next[row(y[i]) * SIDE + column(x[i])]++] = i

  function nearest([px, py]: Place, [rx, ry]: readonly [number, number]): number {
    let best = -1
    let least = 1
    for (let r = row(py - ry); r <= row(py + ry); r++) {
      const from = starts[r * SIDE + column(px - rx)]
      const to = starts[r * SIDE + column(px + rx) + 1]
      for (let m = from; m < to; m++) {
        const i = members[m]
        const distance = ((x[i] - px) / rx) ** 2 + ((y[i] - py) / ry) ** 2
        if (distance < least || (distance === least && best > i)) {
          least = distance
          best = i
        }
      }
    }
    return best
  }

  function inside(polygon: readonly Place[]): Uint32Array {
    if (polygon.length < 3) return new Uint32Array(0)
    const xs = polygon.map(([px]) => px)
    const ys = polygon.map(([, py]) => py)
    const [left, right] = [Math.min(...xs), Math.max(...xs)]
    const [low, high] = [Math.min(...ys), Math.max(...ys)]
    if (!(right > left && high > low)) return new Uint32Array(0)
    const bands = edgeBands(polygon, low, high)
    const perUnit = BANDS / (high - low)
    const found = new Uint32Array(members.length)
    let count = 0
    for (let r = row(low); r <= row(high); r++) {
      const to = starts[r * SIDE + column(right) + 1]
      for (let m = starts[r * SIDE + column(left)]; m < to; m++) {
        const i = members[m]
        if (x[i] < left || x[i] > right || y[i] < low || y[i] > high) continue
        const band = bands[Math.min(BANDS - 1, Math.floor((y[i] - low) * perUnit))]
        if (contains(band, x[i], y[i])) found[count++] = i
      }
    }
    return found.slice(0, count).sort()
  }

  return { nearest, inside }
}
