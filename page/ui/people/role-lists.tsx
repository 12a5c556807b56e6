import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Grant, Role } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'
import { errorText } from '../../model/error-text.ts'
import type { Room } from '../../model/room.ts'
import { Failure } from '../frame/failure.tsx'
import { Icon } from '../frame/icon.tsx'
import { useAttempt } from '../frame/use-attempt.ts'
import { GrantForm } from './grant-form.tsx'
import { principalText } from './principal.ts'

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

/** The users and groups with each role. Managers of the room can change them. */
export function RoleLists({ chat, room }: { chat: Chat; room: Room }) {
  const { failure, run, fail } = useAttempt()
  const [grants, setGrants] = useState<Grant[]>()
  const { roomId, session } = room
  const { canManage } = session
  const participants = session.participants.map(({ user, isManager }) => `${user}${isManager}`).join()

  const refresh = useCallback(async () => setGrants(await grantsOf(chat, roomId)), [chat, roomId])
  useEffect(() => {
    refresh().catch((error: unknown) => fail(errorText(error)))
  }, [refresh, participants, canManage])

  const shown = roles.filter(
    (role) => role !== 'presenter' || session.room?.auditorium || withRole(grants, role).length > 0,
  )
  return (
    <section aria-label="Roles">
      {shown.map((role) => (
        <div key={role}>
          <h3>{titles[role]}</h3>
          <ul class="grants">
            {withRole(grants, role).map(({ principal, createdBy, createdAt }) => (
              <li key={principal} title={`By ${createdBy}, ${new Date(createdAt).toLocaleString()}`}>
                <span>{principalText(principal)}</span>
                {canManage && (
                  <button
                    type="button"
                    class="plain"
                    aria-label={`${principalText(principal)} is no ${role} any more`}
                    title="Remove the role"
                    onClick={() =>
                      run(async () => {
                        await chat.client.revoke({ roomId, role, principals: [principal] })
                        await refresh()
                      })
                    }
                  >
                    <Icon name="close" />
                  </button>
                )}
              </li>
            ))}
          </ul>
          {grants && withRole(grants, role).length === 0 && (
            <p class="secondary">{noneText(role, session.room?.privacy)}</p>
          )}
        </div>
      ))}
      <Failure>{failure}</Failure>
      {canManage && <GrantForm chat={chat} room={room} onGranted={refresh} />}
    </section>
  )
}

const withRole = (grants: readonly Grant[] | undefined, role: Role) =>
  grants?.filter((grant) => grant.role === role) ?? []

const noneText = (role: Role, privacy: string | undefined) =>
  role === 'member' && privacy === 'open' ? 'Open: no membership is needed.' : 'None.'
