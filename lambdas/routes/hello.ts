import * as frames from '../../protocol/frames.ts'
import { idleSeconds, limits, maxAgeSeconds } from '../../protocol/limits.ts'
import { features, protocol } from '../../protocol/version.ts'
import { maxAnnounced } from '../domain/sessions/crowd.ts'
import { route } from '../route.ts'

export const hello = route(frames.hello, async (app, { caller, connectionId }) => ({
  connectionId,
  user: caller.user,
  name: caller.name,
  limits: { ...limits, ...app.settings.quotas, announcedParticipants: maxAnnounced },
  maxAgeSeconds,
  idleSeconds,
  serverTime: new Date(app.clock.now()).toISOString(),
  protocol,
  features,
}))
