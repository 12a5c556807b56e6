import { useState } from 'preact/hooks'
import type { RoomUpdate, Room as Settings } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'
import type { Room } from '../../model/room.ts'
import { Failure } from '../frame/failure.tsx'
import { Panel } from '../frame/panel.tsx'
import { useAttempt } from '../frame/use-attempt.ts'
import { PrivacyChoice } from '../rooms/privacy-choice.tsx'

/** What the room is; whoever manages it can change it. */
export function SettingsPanel({ chat, room, onClose }: { chat: Chat; room: Room; onClose(): void }) {
  const { session } = room
  const settings = session.room
  return (
    <Panel title="Settings" onClose={onClose}>
      {settings && session.canManage && <SettingsForm chat={chat} key={settings.version} settings={settings} />}
      {settings && !session.canManage && <Facts settings={settings} />}
    </Panel>
  )
}

function Facts({ settings }: { settings: Settings }) {
  return (
    <dl class="facts">
      <dt>Description</dt>
      <dd>{settings.description || 'None.'}</dd>
      <dt>Who may join</dt>
      <dd>{settings.privacy}</dd>
      <dt>Who may post</dt>
      <dd>{settings.auditorium ? 'presenters' : 'everyone who is in it'}</dd>
      <dt>Made</dt>
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
  const [wish, setWish] = useState<Omit<RoomUpdate, 'roomId' | 'version'>>({})
  const [isSure, setSure] = useState(false)
  const { roomId, version } = settings
  const update = (changes: Omit<RoomUpdate, 'roomId' | 'version'>) =>
    run(() => chat.client.updateRoom({ roomId, version, ...changes }))
  return (
    <>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault()
          update(wish)
        }}
      >
        <label>
          Name
          <input
            required
            maxLength={64}
            value={wish.name ?? settings.name}
            onInput={({ currentTarget }) => setWish({ ...wish, name: currentTarget.value })}
          />
        </label>
        <label>
          Description
          <textarea
            rows={3}
            maxLength={512}
            value={wish.description ?? settings.description}
            onInput={({ currentTarget }) => setWish({ ...wish, description: currentTarget.value })}
          />
        </label>
        <PrivacyChoice
          privacy={wish.privacy ?? settings.privacy}
          onChange={(privacy) => setWish({ ...wish, privacy })}
        />
        <Failure>{failure}</Failure>
        <button type="submit" class="primary" disabled={busy || Object.keys(wish).length === 0}>
          Save
        </button>
      </form>
      <section class="fields danger">
        <h3>Disable the room</h3>
        <p class="quiet">Everyone is put out and nobody finds it any more. What was said is kept.</p>
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
