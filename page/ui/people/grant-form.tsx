import { useId, useState } from 'preact/hooks'
import type { Role } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'
import type { Room } from '../../model/room.ts'
import { Failure } from '../frame/failure.tsx'
import { useAttempt } from '../frame/use-attempt.ts'
import { parsePrincipal } from './principal.ts'

/** Gives a role to a user, to a group or to everyone. */
export function GrantForm({ chat, room, onGranted }: { chat: Chat; room: Room; onGranted(): Promise<void> }) {
  const { busy, failure, run } = useAttempt()
  const [text, setText] = useState('')
  const [role, setRole] = useState<Role>('member')
  const suggestions = useId()
  return (
    <form
      class="fields"
      onSubmit={(event) => {
        event.preventDefault()
        run(async () => {
          await chat.client.grant({ roomId: room.roomId, role, principals: [parsePrincipal(text)] })
          setText('')
          await onGranted()
        })
      }}
    >
      <h3>Give a role</h3>
      <label>
        <span>
          An id, <code>group:</code> and a name, or <code>everyone</code>
        </span>
        <input
          list={suggestions}
          value={text}
          autocomplete="off"
          autocapitalize="none"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <datalist id={suggestions}>
        {room.session.participants.map(({ user, name }) => (
          <option key={user} value={user}>
            {name}
          </option>
        ))}
        <option value="everyone" />
      </datalist>
      <div class="row">
        <label class="grow">
          <span class="visually-hidden">Role</span>
          <select value={role} onChange={({ currentTarget }) => setRole(parseRole(currentTarget.value))}>
            <option value="member">Member</option>
            <option value="manager">Manager</option>
            <option value="presenter">Presenter</option>
          </select>
        </label>
        <button type="submit" disabled={busy || text.trim() === ''}>
          Give
        </button>
      </div>
      <Failure>{failure}</Failure>
    </form>
  )
}

const parseRole = (text: string): Role => (text === 'manager' || text === 'presenter' ? text : 'member')
