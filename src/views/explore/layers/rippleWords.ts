import type { RippleReading } from '../../../core/session/session'

interface RippleWords {
  /** Name in the switch. */
  readonly name: string
  /** Its meaning. */
  readonly meaning: string
  /** Name of the drawing. */
  readonly title: string
  readonly subtitle: string
  /** Name of the numbers. */
  readonly description: string
}

/** Returns the words of a reading of the ripple. @param causal true if a change reaches only later positions */
export function rippleWords(reading: RippleReading, causal = false): RippleWords {
  if (reading === 'restored') {
    return {
      name: 'restored',
      meaning:
        'The original’s state is put back into the changed run: the share of the effect that this undoes',
      title: 'Ripple restored: layers by positions',
      subtitle: 'where the original’s state undoes the effect on the answer',
      description: 'share of the effect undone',
    }
  }
  if (reading === 'transferred') {
    return {
      name: 'transferred',
      meaning:
        'The changed state is put into the original run: the share of the effect that this alone makes',
      title: 'Ripple transferred: layers by positions',
      subtitle: 'where the changed state alone makes the effect on the answer',
      description: 'share of the effect made',
    }
  }
  return {
    name: 'distance',
    meaning: 'How far each hidden state moves, l2',
    title: 'Ripple: layers by positions',
    subtitle: causal
      ? 'a change reaches only later positions'
      : 'where the change is felt: layers × positions',
    description: 'l2 distance at each position, by layer',
  }
}
