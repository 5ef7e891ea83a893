import type { Notice } from '../../state/results'
import { useActions, useAppStore } from '../appContext'
import { UpdateNotice } from './UpdateNotice'

/** Shows passing messages. Problems interrupt a screen reader, the others wait their turn. */
export function Notices() {
  const notices = useAppStore((state) => state.notices)
  return (
    <div className="notices">
      <div role="status">
        {notices.map((notice) => notice.tone === 'info' && <NoticeItem key={notice.id} notice={notice} />)}
        <UpdateNotice />
      </div>
      <div role="alert">
        {notices.map((notice) => notice.tone === 'problem' && <NoticeItem key={notice.id} notice={notice} />)}
      </div>
    </div>
  )
}

function NoticeItem({ notice }: { readonly notice: Notice }) {
  const { dismissNotice } = useActions()
  return (
    <div className="notice" data-tone={notice.tone}>
      <div>
        <p>{notice.text}</p>
        {notice.failure && notice.failure.message !== notice.text && <p>{notice.failure.message}</p>}
        {notice.failure?.kept && <p className="soft">{notice.failure.kept}</p>}
        {notice.failure?.advice && <p className="soft">{notice.failure.advice}</p>}
      </div>
      <button
        type="button"
        className="button button-quiet button-icon"
        onClick={() => dismissNotice(notice.id)}
      >
        <span aria-hidden="true">✕</span>
        <span className="visually-hidden">Dismiss</span>
      </button>
    </div>
  )
}
