import * as frames from '../../protocol/frames.ts'
import { preferenceOf } from '../domain/people/preferences.ts'
import { route } from '../route.ts'

export const preference = route(frames.preference, async (app, { frame, caller }) =>
  preferenceOf(app.preferences, caller.user, frame),
)
