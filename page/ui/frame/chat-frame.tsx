import { useEffect, useState } from 'preact/hooks'
import type { Chat } from '../../model/chat.ts'
import { Directory } from '../rooms/directory.tsx'
import { NewRoomDialog } from '../rooms/new-room.tsx'
import { NoRoom } from '../rooms/no-room.tsx'
import { RoomView } from '../rooms/room-view.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { SideBar } from './side-bar.tsx'
import { TopBar } from './top-bar.tsx'
import { useObservable } from './use-observable.ts'

type OpenDialog = 'directory' | 'new room' | undefined

/** The whole page after signing in. */
export function ChatFrame({ chat, onEnd }: { chat: Chat; onEnd(): void }) {
  useObservable(chat)
  const [dialog, setDialog] = useState<OpenDialog>()
  const [drawer, setDrawer] = useState(false)
  const { shown } = chat
  const unread = chat.roomsByName.reduce((sum, room) => sum + (room === shown ? 0 : room.unread), 0)

  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Persistent Chat` : 'Persistent Chat'
  }, [unread])
  useEffect(() => {
    const close = ({ key }: KeyboardEvent) => key === 'Escape' && setDrawer(false)
    const markRead = () => chat.markRead()
    addEventListener('keydown', close)
    document.addEventListener('visibilitychange', markRead)
    return () => {
      removeEventListener('keydown', close)
      document.removeEventListener('visibilitychange', markRead)
    }
  }, [chat])

  const openDialog = (name: OpenDialog) => {
    setDrawer(false)
    setDialog(name)
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
        onBrowse={() => openDialog('directory')}
        onNew={() => openDialog('new room')}
      />
      {drawer && <button type="button" class="overlay" aria-label="Close the list" onClick={() => setDrawer(false)} />}
      <main id="room" tabIndex={-1} aria-busy={!chat.ready}>
        {shown ? (
          <RoomView key={shown.roomId} chat={chat} room={shown} />
        ) : (
          <NoRoom
            chat={chat}
            onBrowse={() => openDialog('directory')}
            onNew={() => openDialog('new room')}
            onEnd={onEnd}
          />
        )}
      </main>
      {dialog === 'directory' && <Directory chat={chat} onClose={() => openDialog(undefined)} />}
      {dialog === 'new room' && <NewRoomDialog chat={chat} onClose={() => openDialog(undefined)} />}
    </div>
  )
}
