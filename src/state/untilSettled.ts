/**
 * Wraps a step that writes what it also listens to: called from within itself it runs once more afterwards, so that it
 * never answers a state that it is about to change.
 *
 * @param step throws nothing
 * @param settled called when nothing changes any more
 */
export function untilSettled(step: () => void, settled?: () => void): () => void {
  let running = false
  let changed = false
  return () => {
    changed = true
    if (running) return
    running = true
    while (changed) {
      changed = false
      step()
    }
    running = false
    settled?.()
  }
}
