import { inWords } from '../../model/error-text.ts'
import type { Room } from '../../model/room.ts'
import { Icon } from '../frame/icon.tsx'
import { Parts } from './parts.tsx'

const nowhere = () => undefined

/** What has no answer yet, and what was refused. */
export function Outbox({ room }: { room: Room }) {
  const { outbox, refused } = room
  return (
    <>
      {refused.map((one) => (
        <div class="unsent refused" key={one.clientMessageId}>
          <Parts message={one.body} onRoom={nowhere} />
          <p class="failure" role="alert">
            Not sent. {inWords(one.error)}
          </p>
          <div class="row">
            <button type="button" class="small" onClick={() => room.sayAgain(one)}>
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
              <Parts message={body} onRoom={nowhere} />
            </div>
          ))}
          {!room.session.live && (
            <p class="quiet waiting-line" role="status">
              <Icon name="clock" />
              {outbox.length === 1 ? 'Goes out' : `These ${outbox.length} go out`} when the connection is back.
            </p>
          )}
        </section>
      )}
    </>
  )
}
