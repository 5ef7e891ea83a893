import { createContext, useContext } from 'react'
import type { DeviceServices } from '../../state/deviceReport'

const ServicesContext = createContext<DeviceServices | null>(null)

/** Gives the device check what it asks of the page; without it there is no check. */
export const DeviceServicesProvider = ServicesContext

export function useDeviceServices(): DeviceServices | null {
  return useContext(ServicesContext)
}
