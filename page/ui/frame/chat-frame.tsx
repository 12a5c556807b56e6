import { useEffect, useState } from 'preact/hooks'
import type { Chat } from '../../model/chat.ts'
import { Directory } from '../rooms/directory.tsx'
import { FirstRoom } from '../rooms/first-room.tsx'
import { NewRoomDialog } from '../rooms/new-room.tsx'
import { RoomView } from '../rooms/room-view.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { SideBar } from './side-bar.tsx'
import { TopBar } from './top-bar.tsx'
import { useObserved } from './use-observable.ts'

type Window = 'directory' | 'new room' | undefined

/** Everything there is after signing in. */
export function ChatFrame({ chat, onEnd }: { chat: Chat; onEnd(): void }) {
  useObserved(chat)
  const [window, open] = useState<Window>()
  const [drawer, setDrawer] = useState(false)
  const { shown } = chat
  const unread = chat.roomsByName.reduce((sum, room) => sum + (room === shown ? 0 : room.unread), 0)

  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Persistent Chat` : 'Persistent Chat'
  }, [unread])
  useEffect(() => {
    const close = ({ key }: KeyboardEvent) => key === 'Escape' && setDrawer(false)
    const look = () => chat.markRead()
    addEventListener('keydown', close)
    document.addEventListener('visibilitychange', look)
    return () => {
      removeEventListener('keydown', close)
      document.removeEventListener('visibilitychange', look)
    }
  }, [chat])

  const openWindow = (name: Window) => {
    setDrawer(false)
    open(name)
  }
  const show = (roomId: string) => {
    chat.show(roomId)
    setDrawer(false)
  }
  return (
    <div class="frame" data-drawer={drawer}>
      <a class="skip" href="#room">
        Skip to the room
      </a>
      <div class="top">
        <TopBar chat={chat} unread={unread} drawer={drawer} onDrawer={() => setDrawer(!drawer)} onEnd={onEnd} />
        {chat.ready && <ConnectionNotice chat={chat} onEnd={onEnd} />}
      </div>
      <SideBar
        chat={chat}
        onShow={show}
        onBrowse={() => openWindow('directory')}
        onNew={() => openWindow('new room')}
      />
      {drawer && <button type="button" class="veil" aria-label="Close the list" onClick={() => setDrawer(false)} />}
      <main id="room" tabIndex={-1} aria-busy={!chat.ready}>
        {shown ? (
          <RoomView key={shown.roomId} chat={chat} room={shown} />
        ) : (
          <FirstRoom
            chat={chat}
            onBrowse={() => openWindow('directory')}
            onNew={() => openWindow('new room')}
            onEnd={onEnd}
          />
        )}
      </main>
      {window === 'directory' && <Directory chat={chat} onClose={() => openWindow(undefined)} />}
      {window === 'new room' && <NewRoomDialog chat={chat} onClose={() => openWindow(undefined)} />}
    </div>
  )
}
