import { directoryPage } from '../gateway/directory.ts'
import * as frames from '../protocol/frames.ts'
import { route } from '../route.ts'

export const browse = route(frames.browse, async (app, { frame, caller }) => directoryPage(app, caller, frame))
