/** Holds a host from which this page, or one of its workers, requested something in this session. */
export interface ContactedHost {
  /** Host with its port, if it has one. */
  readonly host: string
  /** True for the host of the page itself. */
  readonly own: boolean
  /** Purposes of the requests, in the order of asking. */
  readonly purposes: readonly string[]
}

const DATASETS_SERVER = 'datasets-server.huggingface.co'
const HUB = 'huggingface.co'
const HUB_STORES = /\.(hf\.co|huggingface\.co)$/

function ownPurpose(path: string): string {
  if (/^models\//.test(path)) return 'the built-in model'
  if (/^runtime\/|(^|\/)ort\./.test(path)) return 'the runtime that computes it'
  if (/^examples\//.test(path)) return 'results of the examples'
  if (/^corpora\//.test(path)) return 'the bundled reviews and the finished run'
  return 'the page itself'
}

function hubPurpose({ host, pathname }: URL): string | null {
  if (host === DATASETS_SERVER) return 'rows of a data set that you asked for'
  if (host === HUB) {
    return /^\/(api\/)?datasets\//.test(pathname)
      ? 'a data set that you asked for'
      : 'a model that you asked for'
  }
  return HUB_STORES.test(host) ? 'large files of the hub, of what you asked for' : null
}

function withRequest(hosts: readonly ContactedHost[], url: URL, page: URL): readonly ContactedHost[] {
  const own = url.origin === page.origin
  const path = url.pathname.startsWith(page.pathname)
    ? url.pathname.slice(page.pathname.length)
    : url.pathname
  const purpose = own ? ownPurpose(path) : (hubPurpose(url) ?? 'nothing that this page knows of')
  const present = hosts.find(({ host }) => host === url.host)
  if (!present) return [...hosts, { host: url.host, own, purposes: [purpose] }]
  if (present.purposes.includes(purpose)) return hosts
  return hosts.map((it) => (it === present ? { ...it, purposes: [...it.purposes, purpose] } : it))
}

/**
 * Returns the hosts with further requests added.
 *
 * @param urls absolute
 * @param page address of the page's folder
 * @returns the same reference if no request was to a new host or for a new purpose
 */
export function withRequests(
  hosts: readonly ContactedHost[],
  urls: readonly string[],
  page: string,
): readonly ContactedHost[] {
  return urls.reduce((known, url) => withRequest(known, new URL(url), new URL(page)), hosts)
}
