import type { Room } from '../../model/room.ts'
import { personText } from '../people/person-name.tsx'

/** Announces new messages to screen readers, alerts at once. */
export function Announcer({ room: { latest, names } }: { room: Room }) {
  const text = latest && `${latest.from ? personText(latest.from, names) : ''}: ${latest.title ?? latest.text}`
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
