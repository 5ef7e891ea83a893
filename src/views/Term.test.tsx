// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { Term } from './Term'

afterEach(cleanup)

const meaning = () => screen.queryByRole('tooltip', { hidden: true })

it('says what a term means while it has the focus, and describes it with that', () => {
  render(<Term name="KL">KL</Term>)
  const term = screen.getByRole('button', { name: 'KL' })
  expect(meaning()).toBeNull()
  fireEvent.focus(term)
  expect(meaning()?.textContent).toMatch(/^Kullback–Leibler divergence.*Σ p\(x\)/)
  expect(term.getAttribute('aria-describedby')).toBe(meaning()?.id)
  fireEvent.blur(term)
  expect(meaning()).toBeNull()
})

it('stays while the pointer is on it or on its meaning, and goes with Escape', () => {
  render(<Term name="KL">KL</Term>)
  const term = screen.getByRole('button', { name: 'KL' })
  fireEvent.pointerEnter(term.parentElement as HTMLElement)
  expect(meaning()).not.toBeNull()
  fireEvent.keyDown(term, { key: 'Escape' })
  expect(meaning()).toBeNull()
})
