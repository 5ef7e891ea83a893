import { useAppStore } from '../appContext'

const SENTENCES = {
  'not-yet': 'Not yet saved in this browser: without a network, the page would not open again.',
  kept: 'Kept in this browser: everything built in opens and works without a network.',
  unavailable:
    'This browser does not keep the page (a private window, storage that is full or denied, or a host that changes files): it needs the network to open again.',
}

/** Says whether the page will open without a network. */
export function OfflineNotice() {
  const kept = useAppStore((state) => state.offline.kept)
  return <p>{SENTENCES[kept]}</p>
}
