// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { useKeptFocus } from './useKeptFocus'

afterEach(cleanup)

function Rows({ names }: { readonly names: readonly string[] }) {
  const ref = useKeptFocus<HTMLUListElement>()
  return (
    <ul ref={ref}>
      {names.map((name) => (
        <li key={name}>
          <button type="button">{name}</button>
        </li>
      ))}
    </ul>
  )
}

function Page({ names, shown = true }: { readonly names: readonly string[]; readonly shown?: boolean }) {
  return (
    <>
      <nav className="view-nav">
        <button type="button" aria-current="page">
          Now
        </button>
      </nav>
      <button type="button">outside</button>
      {shown && <Rows names={names} />}
    </>
  )
}

const button = (name: string) => screen.getByRole('button', { name })
const focused = () => document.activeElement?.textContent

it('gives the focus of what goes away to a neighbour, and of the whole to the view’s button', async () => {
  const { rerender } = render(<Page names={['a', 'b']} />)
  button('b').focus()
  await act(async () => rerender(<Page names={['a']} />))
  expect(focused()).toBe('a')
  await act(async () => rerender(<Page names={['a']} shown={false} />))
  expect(focused()).toBe('Now')
})

it('leaves the focus where the user put it', async () => {
  const { rerender } = render(<Page names={['a', 'b']} />)
  button('b').focus()
  button('outside').focus()
  await act(async () => rerender(<Page names={['a']} />))
  expect(focused()).toBe('outside')
  button('a').focus()
  button('a').blur()
  await act(() => new Promise((resolve) => setTimeout(resolve)))
  await act(async () => rerender(<Page names={[]} />))
  expect(document.activeElement).toBe(document.body)
})
