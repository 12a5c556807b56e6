import { useEffect, useState } from 'preact/hooks'
import type { Chat } from '../../model/chat.ts'
import { inWords } from '../../model/error-text.ts'
import { ConnectionNotice, isStopped } from '../frame/connection-notice.tsx'
import { Failure } from '../frame/failure.tsx'
import { useAttempt } from '../frame/use-attempt.ts'
import { Invitations } from './invitations.tsx'

interface Props {
  chat: Chat
  onBrowse(): void
  onNew(): void
  onEnd(): void
}

/** What there is to do while no room is shown. */
export function FirstRoom({ chat, onBrowse, onNew, onEnd }: Props) {
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

  if (!ready) return <Arriving chat={chat} onEnd={onEnd} />
  if (chat.rooms.size > 0)
    return (
      <section class="empty">
        <Invitations chat={chat} />
        <p class="quiet">Choose one of your rooms, or browse for others.</p>
      </section>
    )
  return (
    <section class="empty">
      <h1>Hello, {chat.name}</h1>
      <Invitations chat={chat} />
      {isEmpty ? (
        <>
          <p>Nobody has made a room yet. Begin with one that is open to everyone.</p>
          <button
            type="button"
            class="primary"
            disabled={busy}
            onClick={() =>
              run(async () => {
                await chat.client.createRoom({ name: 'Lobby', privacy: 'open', description: 'Everyone is welcome' })
                await chat.enter({ roomName: 'Lobby' })
              })
            }
          >
            Make and join “Lobby”
          </button>
        </>
      ) : (
        <>
          <p>You are in no room yet. Look at the ones there are, or make your own.</p>
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

/** What there is to say before the rooms of the last time are there. */
function Arriving({ chat, onEnd }: Pick<Props, 'chat' | 'onEnd'>) {
  const { connection, failure, network } = chat
  const { state } = connection
  if (isStopped(connection))
    return (
      <div class="empty">
        <ConnectionNotice chat={chat} onEnd={onEnd} />
      </div>
    )
  if (state === 'connected' && failure !== undefined)
    return (
      <section class="empty">
        <Failure>{inWords(failure)}</Failure>
        <button type="button" class="primary" onClick={() => chat.connect()}>
          Try again
        </button>
      </section>
    )
  if (!network.isUp) return <p class="empty quiet">There is no network. This goes on when it is back.</p>
  if (state === 'waiting') return <p class="empty quiet">The chat cannot be reached. This page keeps trying.</p>
  return <p class="empty quiet">Connecting …</p>
}
