import { expect, it } from 'vitest'
import { withRequests } from './hosts'

const PAGE = 'https://example.org/ripplescope/'

it('names what each host was asked for, once, in the order of asking', () => {
  const hosts = withRequests(
    [],
    [
      PAGE,
      `${PAGE}assets/index-CSKA_c0P.css`,
      `${PAGE}models/built-in.json`,
      `${PAGE}runtime/ort-wasm-simd-threaded.wasm`,
      'https://huggingface.co/google-bert/bert-base-uncased/resolve/main/config.json',
      'https://cas-bridge.xethub.hf.co/file?signature=1',
      'https://huggingface.co/datasets/stanfordnlp/imdb/resolve/main/test.parquet',
      'https://datasets-server.huggingface.co/rows?dataset=stanfordnlp%2Fimdb',
    ],
    PAGE,
  )
  expect(hosts).toEqual([
    {
      host: 'example.org',
      own: true,
      purposes: ['the page itself', 'the built-in model', 'the runtime that computes it'],
    },
    {
      host: 'huggingface.co',
      own: false,
      purposes: ['a model that you asked for', 'a data set that you asked for'],
    },
    {
      host: 'cas-bridge.xethub.hf.co',
      own: false,
      purposes: ['large files of the hub, of what you asked for'],
    },
    {
      host: 'datasets-server.huggingface.co',
      own: false,
      purposes: ['rows of a data set that you asked for'],
    },
  ])
})

it('says so where a host has no business here, whatever its name looks like', () => {
  const hosts = withRequests([], ['https://huggingface.co.evil.example/', 'https://evilhf.co/'], PAGE)
  expect(hosts.map(({ own, purposes }) => [own, ...purposes])).toEqual([
    [false, 'nothing that this page knows of'],
    [false, 'nothing that this page knows of'],
  ])
})

it('counts another port and another protocol as another host', () => {
  const hosts = withRequests([], ['https://example.org:8443/', 'http://example.org/'], PAGE)
  expect(hosts.map(({ host, own }) => [host, own])).toEqual([
    ['example.org:8443', false],
    ['example.org', false],
  ])
})

it('keeps the same list where nothing is new', () => {
  const hosts = withRequests([], [PAGE], PAGE)
  expect(withRequests(hosts, [`${PAGE}favicon.svg`, PAGE], PAGE)).toBe(hosts)
})
