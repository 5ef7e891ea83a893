import { expect, it } from 'vitest'
import { stepLink, stepOf } from './lessonLink'

const HERE = { origin: 'http://page.test', pathname: '/a/' }

it('leads to the step that it was made at', () => {
  const link = new URL(stepLink(HERE, 2, '#v1.abc'))
  expect(link.href).toBe('http://page.test/a/?step=3#v1.abc')
  expect(stepOf(link.search)).toBe(2)
})

it.each(['', '?', '?step=', '?step=0', '?step=-1', '?step=1e1', '?step=<b>', '?step=123'])(
  'is no step: %j',
  (search) => {
    expect(stepOf(search)).toBeNull()
  },
)
