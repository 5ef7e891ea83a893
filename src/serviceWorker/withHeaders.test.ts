import { expect, it } from 'vitest'
import { withHeaders } from './withHeaders'

const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'",
}

it.each(['document', 'iframe', 'worker', 'sharedworker'] as const)(
  'completes what a host sends of a %s',
  async (to) => {
    const sent = new Response('text', { status: 203, headers: { 'Content-Type': 'text/html' } })
    const completed = withHeaders(sent, to, HEADERS)
    expect(completed.status).toBe(203)
    expect(completed.headers.get('content-type')).toBe('text/html')
    expect(completed.headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(completed.headers.get('content-security-policy')).toBe("default-src 'none'")
    expect(await completed.text()).toBe('text')
  },
)

it("leaves the host's own headers, which may be stricter or meant for frames", () => {
  const sent = new Response('', { headers: { 'Cross-Origin-Opener-Policy': 'same-origin-allow-popups' } })
  const completed = withHeaders(sent, 'document', HEADERS)
  expect(completed.headers.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups')
  expect(completed.headers.get('content-security-policy')).toBe("default-src 'none'")
})

it('passes on what needs nothing', () => {
  const file = new Response('')
  expect(withHeaders(file, 'script', HEADERS)).toBe(file)
  expect(withHeaders(file, '', HEADERS)).toBe(file)
  const complete = new Response('', { headers: HEADERS })
  expect(withHeaders(complete, 'document', HEADERS)).toBe(complete)
  const error = Response.error()
  expect(withHeaders(error, 'document', HEADERS)).toBe(error)
})
