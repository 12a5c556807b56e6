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

/** Creates a room and joins it. The creator is manager, but must be added as member and presenter. */
async function createRoom(chat: Chat, settings: NewRoom): Promise<void> {
  const { roomId } = await chat.client.createRoom(settings)
  const principals: Principal[] = [`user:${chat.user}`]
  if (settings.privacy !== 'open' || settings.auditorium)
    await chat.client.grant({ roomId, role: 'member', principals })
  if (settings.auditorium) await chat.client.grant({ roomId, role: 'presenter', principals })
  await chat.open({ roomId })
}

export function NewRoomDialog({ chat, onClose }: Props) {
  const { busy, failure, run } = useAttempt()
  const [settings, setSettings] = useState<NewRoom>({ name: '', description: '', privacy: 'open', auditorium: false })
  const change = (part: Partial<NewRoom>) => setSettings({ ...settings, ...part })
  return (
    <Dialog title="New room" onClose={onClose}>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault()
          run(async () => {
            await createRoom(chat, { ...settings, name: settings.name.trim() })
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
            value={settings.name}
            onInput={({ currentTarget }) => change({ name: currentTarget.value })}
          />
        </label>
        <label>
          Description
          <input
            maxLength={512}
            value={settings.description}
            onInput={({ currentTarget }) => change({ description: currentTarget.value })}
          />
        </label>
        <PrivacyChoice privacy={settings.privacy ?? 'open'} onChange={(privacy) => change({ privacy })} />
        <label class="check">
          <input
            type="checkbox"
            checked={settings.auditorium}
            onChange={({ currentTarget }) => change({ auditorium: currentTarget.checked })}
          />
          Auditorium: only presenters post, everyone else reads
        </label>
        <Failure>{failure}</Failure>
        <button type="submit" class="primary" disabled={busy || settings.name.trim() === ''}>
          Make the room
        </button>
      </form>
    </Dialog>
  )
}
