/** Describes a WebGPU adapter as far as the choice of a device needs it. */
export interface AdapterSummary {
  /** Vendor and architecture, for reading and as a key. */
  readonly name: string
  /** true for a software adapter: exact but slow, never chosen unasked. */
  readonly fallback: boolean
}

interface AdapterLike {
  readonly info?: {
    readonly vendor?: string
    readonly architecture?: string
    readonly isFallbackAdapter?: boolean
  }
  readonly isFallbackAdapter?: boolean
}

interface GpuLike {
  requestAdapter(): Promise<AdapterLike | null>
}

/** Returns the adapter that the browser would give, or null: `navigator.gpu` also exists on machines without one. */
export async function findAdapter(
  gpu = (globalThis.navigator as Navigator & { readonly gpu?: GpuLike })?.gpu as GpuLike | undefined,
): Promise<AdapterSummary | null> {
  try {
    const adapter = await gpu?.requestAdapter()
    if (!adapter) return null
    const { vendor = '', architecture = '' } = adapter.info ?? {}
    return {
      name: [vendor, architecture].filter(Boolean).join(' ') || 'unnamed',
      fallback:
        Boolean(adapter.isFallbackAdapter ?? adapter.info?.isFallbackAdapter) ||
        /swiftshader/i.test(architecture),
    }
  } catch {
    return null
  }
}
