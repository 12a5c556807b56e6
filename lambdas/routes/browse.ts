import * as frames from '../../protocol/frames.ts'
import { directoryPage } from '../replies/directory.ts'
import { route } from '../route.ts'

export const browse = route(frames.browse, async (app, { frame, caller }) => directoryPage(app, caller, frame))
