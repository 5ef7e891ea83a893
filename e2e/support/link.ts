import { deflateSync } from 'node:zlib'

/** A fragment of version 1, written from its description rather than by the page's own code: base64url(zlib(JSON)). */
export function linkOf(values: readonly unknown[]): string {
  return `#v1.${deflateSync(JSON.stringify(values)).toString('base64url')}`
}
