/** @typedef {import('@playwright/test').Page} Page */

/**
 * Holds the bytes in use of the main thread's heap.
 *
 * @typedef {object} Heap
 * @property {number} held what programs hold: objects, arrays, strings, numbers, functions, and their shapes
 * @property {number} compiled the rest: code that V8 has made of functions so far, and its notes for making more
 */

/** Kinds of nodes in V8's snapshots: compiled code, and what is outside V8's heap or is V8's own. */
const NOT_HELD = ['code', 'native']

/**
 * Measures the heap after a garbage collection, from a snapshot: V8's own sum does not tell the page's objects from
 * compiled code, which grows with the calls of functions, and of which a part is Playwright's.
 *
 * @param {Page} page
 * @returns {Promise<Heap>}
 */
export async function heapOf(page) {
  const client = await page.context().newCDPSession(page)
  await client.send('HeapProfiler.enable')
  for (let round = 0; round < 3; round++) await client.send('HeapProfiler.collectGarbage')
  const { usedSize } = await client.send('Runtime.getHeapUsage')
  /** @type {string[]} */
  const chunks = []
  client.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await client.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await client.detach()
  const held = heldIn(JSON.parse(chunks.join('')))
  return { held, compiled: usedSize - held }
}

/** @param {{ snapshot: { meta: { node_fields: string[], node_types: [string[]] } }, nodes: number[] }} snapshot */
function heldIn({ snapshot: { meta }, nodes }) {
  const [types] = meta.node_types
  const type = meta.node_fields.indexOf('type')
  const size = meta.node_fields.indexOf('self_size')
  let sum = 0
  for (let node = 0; node < nodes.length; node += meta.node_fields.length) {
    if (!NOT_HELD.includes(types[nodes[node + type]])) sum += nodes[node + size]
  }
  return sum
}
