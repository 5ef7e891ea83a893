/** Hosts of models and data sets that a user may ask for: the hub, its stores of large files, its rows API. */
const HUB = ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co']

const DIRECTIVES = {
  'default-src': ["'none'"],
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  // The runtime starts its threads from a copy of its own module.
  'worker-src': ["'self'", 'blob:'],
  'style-src': ["'self'"],
  'font-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'connect-src': ["'self'", ...HUB],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
}

/** The Content-Security-Policy of the page and of its workers: nothing inline, no eval but WebAssembly, no other host. */
export const SECURITY_POLICY = Object.entries(DIRECTIVES)
  .map(([name, values]) => `${name} ${values.join(' ')}`)
  .join('; ')

/**
 * Writes the policy into the built page, for hosts that send no headers of one's own.
 *
 * @returns {import('vite').Plugin}
 */
export function securityPolicy() {
  return {
    name: 'ripplescope:security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
      { tag: 'meta', attrs: { name: 'referrer', content: 'no-referrer' }, injectTo: 'head-prepend' },
    ],
  }
}
