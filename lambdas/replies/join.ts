import { limits } from '../../protocol/limits.ts'
import type { LogPage } from '../domain/log/pages.ts'
import type { JoinResult } from '../domain/sessions/join.ts'
import { participantsOf } from '../domain/sessions/participants.ts'

import { participantFrame, roomFrame } from './encode.ts'
import { bytesOf, messagesThatFit } from './page.ts'

/** The list of participants may use half of the frame. The rest is for messages. */
const participantBytes = limits.frameBytes / 2

/** The snapshot for a new session: the room, the user's rights, the participants, and the log up to this moment. */
export function joinReply(
  settings: { domain: string; epoch: string },
  { session, standing, roster, crowd, view }: JoinResult<LogPage>,
  keep: 'oldest' | 'newest',
) {
  const present = participantsOf(roster).map(participantFrame)
  const listed = !crowd.crowded && bytesOf(present) <= participantBytes
  const rest = {
    room: roomFrame(settings.domain, standing.room),
    you: {
      roles: standing.roles,
      canChat: session.canChat,
      canManage: standing.permissions.includes('manage'),
    },
    ...(listed ? { participants: present } : { participantCount: crowd.large ? crowd.participants : present.length }),
  }
  const { messages, complete } = messagesThatFit(rest, session.roomId, view, keep)
  return { ...rest, messages, head: view.head, floor: view.floor, epoch: settings.epoch, complete }
}
