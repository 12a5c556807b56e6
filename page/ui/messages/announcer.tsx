import type { Room } from '../../model/room.ts'

/** Says new messages to those who listen to the page: politely, unless it is an alert. */
export function NewsReader({ room: { latest } }: { room: Room }) {
  const text = latest && `${latest.from?.name}: ${latest.title ?? latest.text}`
  return (
    <>
      <div class="unseen" aria-live="polite">
        {latest?.alert ? '' : text}
      </div>
      <div class="unseen" aria-live="assertive">
        {latest?.alert ? `Alert from ${text}` : ''}
      </div>
    </>
  )
}
