import { createContext, useContext } from 'react'
import type { HubServices } from '../../state/model/modelHub'

const ServicesContext = createContext<HubServices | null>(null)

/** Gives the Models view what it asks of the hub. */
export const HubServicesProvider = ServicesContext

export function useHubServices(): HubServices | null {
  return useContext(ServicesContext)
}
