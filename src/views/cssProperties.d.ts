import 'react'

declare module 'react' {
  interface CSSProperties {
    /** Strength of a token's tint, 0..1. */
    readonly '--tint'?: string
  }
}
