import { messageText } from '../../protocol/frames/messages.ts'
import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { explainRefusal } from '../domain/access/access.ts'
import { inlineLimit, noteIfChanged } from '../domain/sessions/crowd.ts'
import { sendMessage } from '../domain/sessions/send.ts'
import { handOut } from '../push/hand-out.ts'
import { messageFrame } from '../replies/encode.ts'
import { route } from '../route.ts'

/**
 * Sends a message. The reply means that the message is stored, and that one post to each other session was tried. If the
 * function ends before its reply, the retry of the sender posts again, up to ten minutes after the message was stored. In
 * a large room the stream of the log makes the posts, and the sender does not wait for them.
 */
export const send = route(
  frames.send,
  async (app: App<'sessions' | 'messages' | 'roles' | 'categories'>, { frame, caller, connectionId, charge }) => {
    const { roomId, clientMessageId, after, ifHead, alert, ...rest } = frame
    const body = { ...rest, text: messageText(rest), ...(alert && { alert }) }
    const draft = { author: { user: caller.user, name: caller.name }, body, clientMessageId, after, ifHead }
    const { entry, duplicate, crowd, undelivered } = await sendMessage(
      app,
      app.clock,
      { roomId, connectionId },
      draft,
      { limits: app.rateLimits, charge, metrics: app.metrics },
    ).catch(async (refusal) => {
      throw await explainRefusal(app, roomId, caller, refusal)
    })
    const message = messageFrame(roomId, entry)
    if (undelivered) {
      const roster = await handOut(app, roomId, message, { except: connectionId, isNew: !duplicate })
      if (roster.length > inlineLimit) await noteIfChanged(app.sessions, app.clock, roomId, roster, crowd)
    }
    return { message, duplicate }
  },
)
