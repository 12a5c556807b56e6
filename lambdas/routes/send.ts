import { post } from '../domain/post.ts'
import { explained } from '../domain/standing.ts'
import { announce } from '../gateway/announce.ts'
import { messageFrame } from '../gateway/encode.ts'
import * as frames from '../protocol/frames.ts'
import { route } from '../route.ts'

/** The reply means stored and handed to everyone, so a sender that retries until answered makes the pushes certain. */
export const send = route(frames.send, async (app, { frame, caller, connectionId }) => {
  const { roomId, clientMessageId, after, ifHead, alert, ...rest } = frame
  const body = alert ? { ...rest, alert } : rest
  const draft = { author: { user: caller.user, name: caller.name }, body, clientMessageId, after, ifHead }
  const { entry, duplicate } = await post(app, app.pace, { roomId, connectionId }, draft).catch(async (refusal) => {
    throw await explained(app, roomId, caller, refusal)
  })
  const message = messageFrame(roomId, entry)
  await announce(app, await app.sessions.roster(roomId), { type: 'message', ...message }, connectionId)
  return { message, duplicate }
})
