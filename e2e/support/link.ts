import { deflateSync, inflateSync } from 'node:zlib'
import { expect, type Page } from '@playwright/test'
import { closeDialog } from './keyboard'

/** Writes a fragment of version 1 from its description rather than by the page's own code: base64url(zlib(JSON)). */
export function linkOf(values: readonly unknown[]): string {
  return `#v1.${deflateSync(JSON.stringify(values)).toString('base64url')}`
}

/** Returns the fragment of the link that the page shares, once the address, which follows at rest, is the same. */
export async function sharedFragment(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  const link = await page.getByRole('textbox', { name: 'Link to this session' }).inputValue()
  await closeDialog(page)
  await expect(page).toHaveURL(link)
  return new URL(link).hash
}

/** Waits until the address, which follows a step at rest, tells of the token at `position`. */
export async function expectAddress(page: Page, position: number): Promise<void> {
  const told = async () => {
    const { hash, state } = await page.evaluate(() => ({ hash: location.hash, state: history.state }))
    if (hash === '') return state?.session?.position
    return JSON.parse(inflateSync(Buffer.from(hash.slice('#v1.'.length), 'base64url')).toString())[3]
  }
  await expect.poll(told).toBe(position)
}
