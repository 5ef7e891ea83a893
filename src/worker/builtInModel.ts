import * as v from 'valibot'
import { fail } from '../core/failure'
import type { HostedSource } from '../core/modelSource'

const manifestSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w.-]+$/)),
  weights: v.pipe(v.string(), v.regex(/^[\w.-]+$/)),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
})

/**
 * Fetches the description of the model that comes with the page, from `models/built-in.json`.
 *
 * @param pageUrl address of the page's folder
 * @throws FailureError `network`, `missing-file` or `damaged-file`
 */
export async function fetchBuiltInModel(pageUrl: string): Promise<HostedSource> {
  const models = new URL('models/', pageUrl)
  let manifest: unknown
  try {
    const response = await fetch(new URL('built-in.json', models))
    if (!response.ok) fail('missing-file', `The server answered ${response.status} for the built-in model.`)
    manifest = await response.json()
  } catch (thrown) {
    if (thrown instanceof TypeError) {
      fail('network', 'The built-in model could not be fetched: the network did not answer.', {
        kept: 'Your text and pins are kept.',
        advice: 'Check the connection and try again.',
      })
    }
    if (thrown instanceof SyntaxError) fail('damaged-file', 'models/built-in.json is not JSON.')
    throw thrown
  }
  const parsed = v.safeParse(manifestSchema, manifest)
  if (!parsed.success) fail('damaged-file', 'models/built-in.json does not describe a model.')
  return { kind: 'hosted', ...parsed.output, url: new URL(`${parsed.output.id}/`, models).href }
}
