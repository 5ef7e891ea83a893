import type { ReactNode } from 'react'
import { originOf, urlRequest } from '../../core/modelSource'
import { LookupResult } from './LookupResult'
import { HUB_HOST, hostOf } from './modelWords'
import { useLookup } from './useLookup'

interface OfferedLookupProps {
  readonly id: string
  readonly className: string
  /** Other actions on the offer, next to the button. */
  readonly children?: ReactNode
}

/**
 * Offers to fetch a model of the hub or at an address that a session waits for. Its host is asked only when the button
 * is pressed, whatever the forms contain.
 */
export function OfferedLookup({ id, className, children }: OfferedLookupProps) {
  const lookup = useLookup()
  const ofHub = originOf(id) === 'hub'
  const host = ofHub ? HUB_HOST : hostOf(id)
  const look = () => lookup.look?.(async (hub) => (ofHub ? hub.name(id, '') : urlRequest(id)))
  return (
    <>
      <button type="button" className={className} aria-disabled={lookup.look === null} onClick={look}>
        Ask {host} for its size
      </button>
      {children}
      <LookupResult lookup={lookup} host={host} />
    </>
  )
}
