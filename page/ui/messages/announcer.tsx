import type { Room } from '../../model/room.ts'

/** Announces new messages to screen readers, alerts at once. */
export function Announcer({ room: { latest } }: { room: Room }) {
  const text = latest && `${latest.from?.name}: ${latest.title ?? latest.text}`
  return (
    <>
      <div class="visually-hidden" aria-live="polite">
        {latest?.alert ? '' : text}
      </div>
      <div class="visually-hidden" aria-live="assertive">
        {latest?.alert ? `Alert from ${text}` : ''}
      </div>
    </>
  )
}
