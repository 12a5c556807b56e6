import { useState } from 'preact/hooks'
import type { RoomUpdate, Room as Settings } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'
import type { Room } from '../../model/room.ts'
import { Failure } from '../frame/failure.tsx'
import { Panel } from '../frame/panel.tsx'
import { useAttempt } from '../frame/use-attempt.ts'
import { PrivacyChoice } from '../rooms/privacy-choice.tsx'

type SettingsChanges = Omit<RoomUpdate, 'roomId' | 'version'>

/** The settings of the room. Managers can change them. */
export function SettingsPanel({ chat, room, onClose }: { chat: Chat; room: Room; onClose(): void }) {
  const { session } = room
  const settings = session.room
  return (
    <Panel title="Settings" onClose={onClose}>
      {settings && session.canManage && <SettingsForm chat={chat} key={settings.version} settings={settings} />}
      {settings && !session.canManage && <SettingsList settings={settings} />}
    </Panel>
  )
}

function SettingsList({ settings }: { settings: Settings }) {
  return (
    <dl class="room-details">
      <dt>Description</dt>
      <dd>{settings.description || 'None.'}</dd>
      <dt>Who may join</dt>
      <dd>{settings.privacy}</dd>
      <dt>Who may post</dt>
      <dd>{settings.auditorium ? 'presenters' : 'everyone in the room'}</dd>
      <dt>Created</dt>
      <dd>
        {new Date(settings.createdAt).toLocaleString()} by {settings.createdBy}
      </dd>
      <dt>Address</dt>
      <dd class="address">{settings.uri}</dd>
    </dl>
  )
}

function SettingsForm({ chat, settings }: { chat: Chat; settings: Settings }) {
  const { busy, failure, run } = useAttempt()
  const [changes, setChanges] = useState<SettingsChanges>({})
  const [isSure, setSure] = useState(false)
  const { roomId, version } = settings
  const update = (fields: SettingsChanges) => run(() => chat.client.updateRoom({ roomId, version, ...fields }))
  return (
    <>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault()
          update(changes)
        }}
      >
        <label>
          Name
          <input
            required
            maxLength={64}
            value={changes.name ?? settings.name}
            onInput={({ currentTarget }) => setChanges({ ...changes, name: currentTarget.value })}
          />
        </label>
        <label>
          Description
          <textarea
            rows={3}
            maxLength={512}
            value={changes.description ?? settings.description}
            onInput={({ currentTarget }) => setChanges({ ...changes, description: currentTarget.value })}
          />
        </label>
        <PrivacyChoice
          privacy={changes.privacy ?? settings.privacy}
          onChange={(privacy) => setChanges({ ...changes, privacy })}
        />
        <Failure>{failure}</Failure>
        <button type="submit" class="primary" disabled={busy || Object.keys(changes).length === 0}>
          Save
        </button>
      </form>
      <section class="fields danger">
        <h3>Disable the room</h3>
        <p class="secondary">All users leave it, and it is not listed any more. Its messages are kept.</p>
        {isSure ? (
          <div class="row">
            <button type="button" class="destructive" disabled={busy} onClick={() => update({ disabled: true })}>
              Disable it
            </button>
            <button type="button" onClick={() => setSure(false)}>
              Keep it
            </button>
          </div>
        ) : (
          <button type="button" onClick={() => setSure(true)}>
            Disable …
          </button>
        )}
      </section>
    </>
  )
}
