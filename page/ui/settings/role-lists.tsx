import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Grant, Role } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'
import { inWords } from '../../model/error-text.ts'
import type { Room } from '../../model/room.ts'
import { Failure } from '../frame/failure.tsx'
import { Icon } from '../frame/icon.tsx'
import { useAttempt } from '../frame/use-attempt.ts'
import { principalInWords } from '../people/principal.ts'
import { GrantForm } from './grant-form.tsx'

const titles: Record<Role, string> = { member: 'Members', manager: 'Managers', presenter: 'Presenters' }
const roles: Role[] = ['member', 'manager', 'presenter']

async function grantsOf({ client }: Chat, roomId: string): Promise<Grant[]> {
  const grants: Grant[] = []
  let cursor: string | undefined
  do {
    const page = await client.roles({ roomId, ...(cursor !== undefined && { cursor }) })
    grants.push(...page.grants)
    cursor = page.cursor
  } while (cursor !== undefined)
  return grants
}

/** Who holds which role; whoever manages the room can change it. */
export function RoleLists({ chat, room }: { chat: Chat; room: Room }) {
  const { failure, run, fail } = useAttempt()
  const [grants, setGrants] = useState<Grant[]>()
  const { roomId, session } = room
  const { canManage } = session
  const attendance = session.participants.map(({ user, isManager }) => `${user}${isManager}`).join()

  const look = useCallback(async () => setGrants(await grantsOf(chat, roomId)), [chat, roomId])
  useEffect(() => {
    look().catch((error: unknown) => fail(inWords(error)))
  }, [look, attendance, canManage])

  const shown = roles.filter(
    (role) => role !== 'presenter' || session.room?.auditorium || held(grants, role).length > 0,
  )
  return (
    <section aria-label="Roles">
      {shown.map((role) => (
        <div key={role}>
          <h3>{titles[role]}</h3>
          <ul class="grants">
            {held(grants, role).map(({ principal, createdBy, createdAt }) => (
              <li key={principal} title={`By ${createdBy}, ${new Date(createdAt).toLocaleString()}`}>
                <span>{principalInWords(principal)}</span>
                {canManage && (
                  <button
                    type="button"
                    class="plain"
                    aria-label={`${principalInWords(principal)} is no ${role} any more`}
                    title="Take it back"
                    onClick={() =>
                      run(async () => {
                        await chat.client.revoke({ roomId, role, principals: [principal] })
                        await look()
                      })
                    }
                  >
                    <Icon name="close" />
                  </button>
                )}
              </li>
            ))}
          </ul>
          {grants && held(grants, role).length === 0 && <p class="quiet">{noneInWords(role, session.room?.privacy)}</p>}
        </div>
      ))}
      <Failure>{failure}</Failure>
      {canManage && <GrantForm chat={chat} room={room} onGranted={look} />}
    </section>
  )
}

const held = (grants: readonly Grant[] | undefined, role: Role) => grants?.filter((grant) => grant.role === role) ?? []

const noneInWords = (role: Role, privacy: string | undefined) =>
  role === 'member' && privacy === 'open' ? 'Open: nobody needs to be a member.' : 'Nobody.'
