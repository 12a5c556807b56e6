import { useEffect, useState } from 'preact/hooks'
import type { RoomTarget } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'
import { endText } from '../../model/error-text.ts'
import type { Room } from '../../model/room.ts'
import { Failure } from '../frame/failure.tsx'
import { useAttempt } from '../frame/use-attempt.ts'
import { useObservable } from '../frame/use-observable.ts'
import { Announcer } from '../messages/announcer.tsx'
import { Composer } from '../messages/composer.tsx'
import { SearchPanel } from '../messages/search-panel.tsx'
import { Timeline } from '../messages/timeline.tsx'
import { PeoplePanel } from '../people/people-panel.tsx'
import { SettingsPanel } from '../settings/settings-panel.tsx'
import { type PanelName, RoomHeader } from './room-header.tsx'

/** On pages of this width the people panel is open at first. */
const wide = '(min-width: 64rem)'

/** A room: its header, its messages and the open panel. */
export function RoomView({ chat, room }: { chat: Chat; room: Room }) {
  useObservable(room)
  const [panel, setPanel] = useState<PanelName | undefined>(() => (matchMedia(wide).matches ? 'people' : undefined))
  const { failure, run } = useAttempt()
  const { head } = room.session
  useEffect(() => chat.markRead(), [chat, head])

  const join = (target: RoomTarget) => run(() => chat.open(target))
  const close = () => setPanel(undefined)
  return (
    <div class="room" data-panel={panel !== undefined}>
      <div class="conversation">
        <RoomHeader
          room={room}
          panel={panel}
          onPanel={(name) => setPanel(name === panel ? undefined : name)}
          onLeave={() => run(() => chat.leave(room))}
        />
        <Failure>{failure}</Failure>
        <Timeline room={room} user={chat.user} onRoom={(roomId) => join({ roomId })} />
        <Announcer room={room} />
        {room.ended === undefined ? (
          <Composer chat={chat} room={room} />
        ) : (
          <div class="ended">
            <p>{endText(room.ended)}</p>
            <button type="button" onClick={() => run(() => chat.leave(room))}>
              Remove it from the list
            </button>
          </div>
        )}
      </div>
      {panel === 'people' && <PeoplePanel chat={chat} room={room} onClose={close} />}
      {panel === 'search' && <SearchPanel room={room} onClose={close} onRoom={(roomId) => join({ roomId })} />}
      {panel === 'settings' && <SettingsPanel chat={chat} room={room} onClose={close} />}
    </div>
  )
}
