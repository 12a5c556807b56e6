import { useState } from 'preact/hooks'
import type { NewRoom, Principal } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'
import { Dialog } from '../frame/dialog.tsx'
import { Failure } from '../frame/failure.tsx'
import { useAttempt } from '../frame/use-attempt.ts'
import { PrivacyChoice } from './privacy-choice.tsx'

interface Props {
  chat: Chat
  onClose(): void
}

/** Makes a room and goes in. Whoever makes one manages it, but is neither member nor presenter by that. */
async function makeRoom(chat: Chat, wish: NewRoom): Promise<void> {
  const { roomId } = await chat.client.createRoom(wish)
  const principals: Principal[] = [`user:${chat.user}`]
  if (wish.privacy !== 'open' || wish.auditorium) await chat.client.grant({ roomId, role: 'member', principals })
  if (wish.auditorium) await chat.client.grant({ roomId, role: 'presenter', principals })
  await chat.enter({ roomId })
}

export function NewRoomDialog({ chat, onClose }: Props) {
  const { busy, failure, run } = useAttempt()
  const [wish, setWish] = useState<NewRoom>({ name: '', description: '', privacy: 'open', auditorium: false })
  const change = (part: Partial<NewRoom>) => setWish({ ...wish, ...part })
  return (
    <Dialog title="New room" onClose={onClose}>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault()
          run(async () => {
            await makeRoom(chat, { ...wish, name: wish.name.trim() })
            onClose()
          })
        }}
      >
        <label>
          Name
          <input
            required
            autofocus
            maxLength={64}
            value={wish.name}
            onInput={({ currentTarget }) => change({ name: currentTarget.value })}
          />
        </label>
        <label>
          Description
          <input
            maxLength={512}
            value={wish.description}
            onInput={({ currentTarget }) => change({ description: currentTarget.value })}
          />
        </label>
        <PrivacyChoice privacy={wish.privacy ?? 'open'} onChange={(privacy) => change({ privacy })} />
        <label class="check">
          <input
            type="checkbox"
            checked={wish.auditorium}
            onChange={({ currentTarget }) => change({ auditorium: currentTarget.checked })}
          />
          Auditorium: only presenters post, everyone else reads
        </label>
        <Failure>{failure}</Failure>
        <button type="submit" class="primary" disabled={busy || wish.name.trim() === ''}>
          Make the room
        </button>
      </form>
    </Dialog>
  )
}
