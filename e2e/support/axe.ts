import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** What axe-core finds, in the whole page or in a part of it, each with the first elements it means. */
export async function violations(page: Page, ...parts: readonly string[]): Promise<string[]> {
  const builder = new AxeBuilder({ page })
  for (const part of parts) builder.include(part)
  const { violations: found } = await builder.analyze()
  return found.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 4)
        .map(({ html }) => html)
        .join(' | ')}`,
  )
}
