import { expect, it } from 'vitest'
import { cleanHtml } from './cleanHtml'

it.each([
  ['one<br />two<br/>three<br>four', 'one\ntwo\nthree\nfour'],
  ['one<BR CLEAR="all"/>two</br>three<br\n/>four', 'one\ntwo\nthree\nfour'],
  ['<br /><br />A <i>fine</i> film &amp; more  ', '\n\nA <i>fine</i> film &amp; more  '],
  ['a < b > c, <brilliant> and <b>bold</b>', 'a < b > c, <brilliant> and <b>bold</b>'],
  ['<br', '<br'],
])('turns only line breaks into line breaks: %j', (html, text) => {
  expect(cleanHtml(html)).toBe(text)
})
