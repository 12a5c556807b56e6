import type { Chat } from '../../model/chat.ts'
import { isStopped } from '../../model/connection-status.ts'
import type { Room } from '../../model/room.ts'
import { Invitations } from '../rooms/invitations.tsx'
import { Icon } from './icon.tsx'

interface Props {
  chat: Chat
  onShow(roomId: string): void
  onBrowse(): void
  onNew(): void
}

/** The list of the user's rooms. */
export function SideBar({ chat, onShow, onBrowse, onNew }: Props) {
  const rooms = chat.roomsByName
  return (
    <nav id="rooms" class="side-bar" aria-label="Rooms">
      <div class="side-actions">
        <button type="button" onClick={onBrowse}>
          <Icon name="compass" /> Browse rooms
        </button>
        <button type="button" onClick={onNew}>
          <Icon name="plus" /> New room
        </button>
      </div>
      {chat.shown && <Invitations chat={chat} />}
      <h2>Your rooms</h2>
      {rooms.length === 0 && <p class="secondary">{emptyText(chat)}</p>}
      <ul class="room-list">
        {rooms.map((room) => (
          <li key={room.roomId}>
            <RoomLine room={room} shown={room === chat.shown} onShow={() => onShow(room.roomId)} />
          </li>
        ))}
      </ul>
    </nav>
  )
}

function emptyText({ ready, connection }: Chat): string {
  if (ready) return 'None yet.'
  return isStopped(connection) ? 'Not known without a connection.' : 'Loading …'
}

function RoomLine({ room, shown, onShow }: { room: Room; shown: boolean; onShow(): void }) {
  const waiting = room.outbox.length
  return (
    <button type="button" class="room-line" aria-current={shown ? 'page' : undefined} onClick={onShow}>
      <span class="hash" aria-hidden="true">
        {room.session.room && room.session.room.privacy !== 'open' ? <Icon name="lock" /> : '#'}
      </span>
      <span class="room-name">{room.name}</span>
      {waiting > 0 && (
        <span class="badge waiting" title="Waiting to be sent">
          <Icon name="clock" />
          {waiting}
          <span class="visually-hidden"> waiting to be sent</span>
        </span>
      )}
      {!shown && room.unread > 0 && (
        <span class="badge">
          {room.unread}
          <span class="visually-hidden"> unread</span>
        </span>
      )}
    </button>
  )
}
