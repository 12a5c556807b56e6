import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { getOrSet } from '../domain/people/preferences.ts'
import { route } from '../route.ts'

export const preference = route(frames.preference, async (app: App<'preferences'>, { frame, caller }) =>
  getOrSet(app, caller.user, frame),
)
