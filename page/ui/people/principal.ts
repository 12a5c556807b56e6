import type { Principal } from '../../../client/index.ts'

/** `group:ops` reads “ops (group)”. */
export function principalInWords(principal: Principal): string {
  if (principal.startsWith('group:')) return `${principal.slice('group:'.length)} (group)`
  return principal === 'everyone' ? 'Everyone' : principal.replace(/^user:/, '')
}

/** What was typed: an id of a user, `group:ops`, or `everyone`. */
export function principalIn(text: string): Principal {
  const typed = text.trim()
  if (typed.toLowerCase() === 'everyone') return 'everyone'
  if (typed.startsWith('group:')) return `group:${typed.slice('group:'.length)}`
  return `user:${typed.replace(/^user:/, '')}`
}
