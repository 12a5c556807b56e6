import type { Chat } from '../../model/chat.ts'
import { Failure } from '../frame/failure.tsx'
import { useAttempt } from '../frame/use-attempt.ts'

/** Invitations that the user has not decided about. */
export function Invitations({ chat }: { chat: Chat }) {
  const { busy, failure, run } = useAttempt()
  return (
    <>
      {chat.invitations.map((invitation) => (
        <section class="invitation" key={invitation.invitationId} aria-label={`Invitation to ${invitation.room.name}`}>
          <p>
            You were added to <strong>{invitation.room.name}</strong>.
          </p>
          <div class="row">
            <button
              type="button"
              class="primary small"
              disabled={busy}
              onClick={() => run(() => chat.accept(invitation))}
            >
              Join
            </button>
            <button type="button" class="small" onClick={() => chat.decline(invitation)}>
              Not now
            </button>
          </div>
        </section>
      ))}
      <Failure>{failure}</Failure>
    </>
  )
}
