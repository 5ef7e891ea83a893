import { expect, it } from 'vitest'
import { SECURITY_POLICY } from './securityPolicy.mjs'

it('lets nothing inline run, no string be evaluated, and nothing but the hub be reached', () => {
  expect(SECURITY_POLICY.replaceAll("'wasm-unsafe-eval'", '')).not.toMatch(/unsafe/)
  const hosts = SECURITY_POLICY.match(/https?:\S+/g)?.map((host) => host.replace(';', ''))
  expect(hosts).toEqual(['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'])
})
