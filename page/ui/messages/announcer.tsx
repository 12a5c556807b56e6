import { displayedText, type KnownNames } from '../../../client/index.ts'
import type { Room } from '../../model/room.ts'

/** Announces new messages to screen readers, alerts at once. */
export function Announcer({ room: { latest, names } }: { room: Room }) {
  const text = latest && `${latest.from ? announcedName(latest.from, names) : ''}: ${latest.title ?? latest.text}`
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

function announcedName(person: { user: string; name: string }, names: KnownNames): string {
  const id = names.idBeside(person)
  return displayedText(id === undefined ? person.name : `${person.name}, ${id}`)
}
