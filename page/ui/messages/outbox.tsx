import { errorText } from '../../model/error-text.ts'
import type { Room } from '../../model/room.ts'
import { Icon } from '../frame/icon.tsx'
import { Parts } from './parts.tsx'

const noAction = () => undefined

/** The messages that are not sent yet, and the refused ones. */
export function Outbox({ room }: { room: Room }) {
  const { outbox, refused } = room
  return (
    <>
      {refused.map((one) => (
        <div class="unsent refused" key={one.clientMessageId}>
          <Parts message={one.body} onRoom={noAction} />
          <p class="failure" role="alert">
            Not sent. {errorText(one.error)}
          </p>
          <div class="row">
            <button type="button" class="small" onClick={() => room.sendAgain(one)}>
              Send again
            </button>
            <button type="button" class="small" onClick={() => room.discard(one.clientMessageId)}>
              Discard
            </button>
          </div>
        </div>
      ))}
      {outbox.length > 0 && (
        <section class="outbox" aria-label="Waiting to be sent">
          {outbox.map(({ clientMessageId, body }) => (
            <div class="unsent" key={clientMessageId}>
              {body.title !== undefined && <strong>{body.title}</strong>}
              <Parts message={body} onRoom={noAction} />
            </div>
          ))}
          {!room.session.live && (
            <p class="secondary waiting-line" role="status">
              <Icon name="clock" />
              {outbox.length === 1 ? 'This message is' : `These ${outbox.length} messages are`} sent when the connection
              is back.
            </p>
          )}
        </section>
      )}
    </>
  )
}
