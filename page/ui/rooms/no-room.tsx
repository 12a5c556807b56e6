import { useEffect, useState } from 'preact/hooks'
import type { Chat } from '../../model/chat.ts'
import { isStopped, loadingText } from '../../model/connection-status.ts'
import { errorText } from '../../model/error-text.ts'
import { ConnectionNotice } from '../frame/connection-notice.tsx'
import { Failure } from '../frame/failure.tsx'
import { useAttempt } from '../frame/use-attempt.ts'
import { Invitations } from './invitations.tsx'

interface Props {
  chat: Chat
  onBrowse(): void
  onNew(): void
  onEnd(): void
}

/** Shown while no room is selected. */
export function NoRoom({ chat, onBrowse, onNew, onEnd }: Props) {
  const { busy, failure, run } = useAttempt()
  const [isEmpty, setEmpty] = useState(false)
  const { ready } = chat
  useEffect(() => {
    if (!ready || chat.rooms.size > 0) return
    chat.client.browse({ categoryId: 'general', limit: 1 }).then(
      ({ rooms }) => setEmpty(rooms.length === 0),
      () => undefined,
    )
  }, [chat, ready])

  if (!ready) return <Loading chat={chat} onEnd={onEnd} />
  if (chat.rooms.size > 0)
    return (
      <section class="empty">
        <Invitations chat={chat} />
        <p class="secondary">Choose one of your rooms, or browse others.</p>
      </section>
    )
  return (
    <section class="empty">
      <h1>Hello, {chat.name}</h1>
      <Invitations chat={chat} />
      {isEmpty ? (
        <>
          <p>There are no rooms yet. Start with one that is open to everyone.</p>
          <button
            type="button"
            class="primary"
            disabled={busy}
            onClick={() =>
              run(async () => {
                await chat.client.createRoom({ name: 'Lobby', privacy: 'open', description: 'Everyone is welcome' })
                await chat.open({ roomName: 'Lobby' })
              })
            }
          >
            Make and join “Lobby”
          </button>
        </>
      ) : (
        <>
          <p>You are not in a room yet. Browse the rooms, or create one.</p>
          <div class="row">
            <button type="button" class="primary" onClick={onBrowse}>
              Browse rooms
            </button>
            <button type="button" onClick={onNew}>
              New room
            </button>
          </div>
        </>
      )}
      <Failure>{failure}</Failure>
    </section>
  )
}

/** Shown until the rooms of the last visit are joined. */
function Loading({ chat, onEnd }: Pick<Props, 'chat' | 'onEnd'>) {
  const { connection, failure } = chat
  if (isStopped(connection))
    return (
      <div class="empty">
        <ConnectionNotice chat={chat} onEnd={onEnd} />
      </div>
    )
  if (connection.state === 'connected' && failure !== undefined)
    return (
      <section class="empty">
        <Failure>{errorText(failure)}</Failure>
        <button type="button" class="primary" onClick={() => chat.connect()}>
          Try again
        </button>
      </section>
    )
  return <p class="empty secondary">{loadingText(chat)}</p>
}
