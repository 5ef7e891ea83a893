import { useId } from 'react'
import type { ContactedHost } from '../../state/hosts'
import { useAppStore } from '../appContext'
import { OfflineNotice } from './OfflineNotice'

/**
 * Lists every host from which the page and its workers requested something, with the purposes, and says whether it
 * needs any.
 */
export function HostsPanel() {
  const hosts = useAppStore((state) => state.hosts)
  const titleId = useId()
  return (
    <section aria-labelledby={titleId} style={{ display: 'grid', gap: '0.5rem' }}>
      <h3 id={titleId}>Hosts contacted in this session</h3>
      <dl className="facts">
        {hosts.map((host) => (
          <Host key={host.host} host={host} />
        ))}
      </dl>
      <p className="soft">
        Requests of the page and of its workers. No request carries your text; hosts other than this page’s
        own are asked only for what you ask for by name.
      </p>
      <OfflineNotice />
    </section>
  )
}

function Host({ host: { host, own, purposes } }: { readonly host: ContactedHost }) {
  return (
    <div style={{ display: 'contents' }}>
      <dt>
        {host}
        {own && ' (this page’s own)'}
      </dt>
      <dd>{purposes.join('; ')}</dd>
    </div>
  )
}
