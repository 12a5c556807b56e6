import type { Chat } from '../../model/chat.ts'
import { Avatar } from '../people/avatar.tsx'
import { ConnectionStateLine } from './connection-state.tsx'
import { Icon } from './icon.tsx'

interface Props {
  chat: Chat
  unread: number
  drawer: boolean
  onDrawer(): void
  onEnd(): void
}

/** The bar at the top: connection, user, sign-out. */
export function TopBar({ chat, unread, drawer, onDrawer, onEnd }: Props) {
  const { network, invitations } = chat
  const news = [unread > 0 && `${unread} unread`, invitations.length > 0 && `invited to ${invitations.length}`]
  return (
    <header class="top-bar">
      <button
        type="button"
        class="plain drawer-button"
        aria-expanded={drawer}
        aria-controls="rooms"
        aria-label={['Rooms', ...news].filter(Boolean).join(', ')}
        onClick={onDrawer}
      >
        <Icon name="menu" />
        {news.some(Boolean) && <span class="dot" />}
      </button>
      <span class="product">Persistent Chat</span>
      <ConnectionStateLine chat={chat} />
      <label class="switch" title="Disconnects this page, to try out what happens to messages">
        <input
          type="checkbox"
          role="switch"
          checked={network.isCut}
          aria-checked={network.isCut}
          onChange={({ currentTarget }) => (currentTarget.checked ? network.cut() : network.restore())}
        />
        <span>Cut the network</span>
      </label>
      {chat.name !== '' && (
        <span class="self">
          <Avatar user={chat.user} name={chat.name} />
          <span class="self-name">{chat.name}</span>
        </span>
      )}
      <button type="button" class="plain" aria-label="Sign out" title="Sign out" onClick={onEnd}>
        <Icon name="signOut" />
      </button>
    </header>
  )
}
