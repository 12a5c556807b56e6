import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireModerator } from '../domain/access/access.ts'
import { appendRemoval, redactAll } from '../domain/log/removals.ts'
import { keepOriginals } from '../domain/record/record.ts'
import { handOut } from '../push/hand-out.ts'
import { pagingOf } from '../replies/cursor.ts'
import { messageFrame } from '../replies/encode.ts'
import { listQuery } from '../replies/history-query.ts'
import { messagesToRemove } from '../replies/removal-selection.ts'
import { route } from '../route.ts'

/**
 * The removal is stored and announced before the bodies are removed. If a call is interrupted, a repeated call finds
 * the remaining messages.
 */
export const removeMessages = route(
  frames.removeMessages,
  async (app: App<'roles' | 'categories' | 'sessions' | 'messages' | 'records'>, { frame, caller }) => {
    const { roomId, replacement } = frame
    const paging = await pagingOf(app, caller, listQuery('removeMessages', roomId, frame), frame.cursor)
    await requireModerator(app, roomId, caller)
    const { seqs, ...more } = await messagesToRemove(app.messages, app.clock, roomId, frame, paging)
    if (seqs.length === 0) return { removed: 0, ...more }
    await keepOriginals(app, roomId, seqs, caller.user)
    const by = { user: caller.user, name: caller.name }
    const large = (await app.sessions.crowd(roomId))?.large === true
    // A removal has no sender's connection, so the stream of a large room delivers it to all sessions.
    const fields = {
      by,
      removes: seqs,
      ...(replacement !== undefined && { replacement }),
      ...(large && { broadcast: '' }),
    }
    const removal = await appendRemoval(app.messages, app.clock, roomId, fields, app.rateLimits, app.metrics)
    if (!large) await handOut(app, roomId, messageFrame(roomId, removal))
    return { removed: await redactAll(app.messages, roomId, removal), ...more }
  },
)
