import * as frames from '../../protocol/frames.ts'
import { limits } from '../../protocol/limits.ts'
import type { App } from '../app.ts'
import { invitationsAfter } from '../domain/access/invitations.ts'
import { invitationFrame } from '../replies/encode.ts'
import { fitInFrame } from '../replies/page.ts'
import { route } from '../route.ts'

/**
 * Clients repeat the request with `last` until it no longer grows. A page may be empty before that, because rooms that
 * are no longer visible are left out.
 */
export const invitations = route(
  frames.invitations,
  async (app: App<'invitations' | 'directory' | 'categories'>, { frame: { after }, caller }) => {
    const { shown, last } = await invitationsAfter(app, caller, after)
    const all = shown.map((invited) => invitationFrame(app.settings.domain, invited))
    const kept = fitInFrame(all, limits.frameBytes - 512, 'oldest')
    return { invitations: kept, last: kept.length < all.length ? (kept.at(-1)?.invitationId ?? after) : last }
  },
)
