import type { Participant } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'
import type { Room } from '../../model/room.ts'
import { Panel } from '../frame/panel.tsx'
import { Avatar } from './avatar.tsx'
import { PersonName } from './person-name.tsx'
import { RoleLists } from './role-lists.tsx'

const byName = (a: Participant, b: Participant) => a.name.localeCompare(b.name)

/** The users who are in the room now, and the roles of the room. */
export function PeoplePanel({ chat, room, onClose }: { chat: Chat; room: Room; onClose(): void }) {
  const { participants, participantCount } = room.session
  return (
    <Panel title="People" onClose={onClose}>
      <section aria-label="Here now">
        <h3>Here now: {participantCount}</h3>
        {participants.length === 0 && participantCount > 0 && <p class="secondary">Too many to list them all.</p>}
        <ul class="people">
          {[...participants].sort(byName).map(({ user, name, isManager, isPresenter }) => (
            <li key={user}>
              <Avatar user={user} name={name} />
              <span class="person-name">
                <PersonName user={user} name={name} names={room.names} />
                {user === chat.user && <span class="secondary"> (you)</span>}
              </span>
              {isManager && <span class="label">manager</span>}
              {isPresenter && <span class="label">presenter</span>}
            </li>
          ))}
        </ul>
      </section>
      <RoleLists chat={chat} room={room} />
    </Panel>
  )
}
