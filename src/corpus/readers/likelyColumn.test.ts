import { describe, expect, it } from 'vitest'
import { likelyColumn } from './likelyColumn'

describe('the likely column', () => {
  const columns = ['id', 'url', 'code', 'title', 'body']
  it('is that with the longest natural language', () => {
    const rows = [
      {
        id: '1',
        url: 'https://a.b/a-very-long-address-that-goes-on-and-on',
        code: 'f'.repeat(64),
        title: 'Short',
        body: 'It was a long evening.',
      },
      { id: '2', url: 'https://a.b/', code: '0'.repeat(64), title: 'A title', body: 'Nothing to add.' },
    ]
    expect(likelyColumn(columns, rows)).toBe('body')
  })

  it('knows scripts that set no words apart', () => {
    expect(likelyColumn(['a', 'b'], [{ a: 'some-identifier-of-a-row', b: 'とても面白い映画でした' }])).toBe(
      'b',
    )
  })

  it('is none where no column has words', () => {
    expect(likelyColumn(['a', 'b'], [{ a: 1, b: '2024-01-01' }])).toBeNull()
  })
})
