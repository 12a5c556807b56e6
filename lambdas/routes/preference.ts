import * as frames from '../../protocol/frames.ts'
import { getOrSet } from '../domain/people/preferences.ts'
import { route } from '../route.ts'

export const preference = route(frames.preference, async (app, { frame, caller }) =>
  getOrSet(app.preferences, caller.user, frame),
)
