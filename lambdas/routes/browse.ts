import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { directoryPage } from '../replies/directory.ts'
import { route } from '../route.ts'

export const browse = route(
  frames.browse,
  async (app: App<'directory' | 'sessions' | 'invitations' | 'categories'>, { frame, caller }) =>
    directoryPage(app, caller, frame),
)
