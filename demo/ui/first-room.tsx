import { useEffect, useState } from 'preact/hooks'
import type { Chat } from '../model/chat.ts'
import { Failure } from './failure.tsx'
import { useAttempt } from './use-attempt.ts'

/** What there is to do while no room is shown. */
export function FirstRoom({ chat, onBrowse, onNew }: { chat: Chat; onBrowse(): void; onNew(): void }) {
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

  if (!ready) return <p class="empty quiet">Connecting …</p>
  if (chat.rooms.size > 0) return <p class="empty quiet">Choose one of your rooms, or browse for others.</p>
  return (
    <section class="empty">
      <h1>Hello, {chat.name}</h1>
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
