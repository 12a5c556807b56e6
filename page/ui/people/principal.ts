import type { Principal } from '../../../client/index.ts'

/** A principal as text: `group:ops` is “ops (group)”. */
export function principalText(principal: Principal): string {
  if (principal.startsWith('group:')) return `${principal.slice('group:'.length)} (group)`
  return principal === 'everyone' ? 'Everyone' : principal.replace(/^user:/, '')
}

/** The principal of a typed text: an id of a user, `group:ops`, or `everyone`. */
export function parsePrincipal(text: string): Principal {
  const typed = text.trim()
  if (typed.toLowerCase() === 'everyone') return 'everyone'
  if (typed.startsWith('group:')) return `group:${typed.slice('group:'.length)}`
  return `user:${typed.replace(/^user:/, '')}`
}
