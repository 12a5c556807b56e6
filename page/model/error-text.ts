import { ChatError, ConnectionError, type KickReason } from '../../client/index.ts'

/** What went wrong, said to a person. */
export function inWords(error: unknown): string {
  if (error instanceof ConnectionError) return connectionInWords(error)
  if (!(error instanceof ChatError)) return error instanceof Error ? error.message : String(error)
  switch (error.code) {
    case 'not_found':
      return 'There is no such room, or it is not visible to you.'
    case 'duplicate_name':
      return 'There is a room of that name already. Choose another one.'
    case 'conflict':
      return 'Somebody changed this in the meantime. Here is how it is now; make your change again.'
    case 'not_in_scope':
      return `Not allowed in the category of this room: ${list(error.details.principals)}.`
    case 'presenter_not_member':
      return `Presenters have to be members first: ${list(error.details.principals)}.`
    case 'unknown_principal':
      return `Nobody of that name has been here yet: ${list(error.details.principals)}.`
    case 'rate_limited':
      return 'That was too fast. Wait a moment.'
    case 'unavailable':
    case 'internal':
      return 'The chat could not do that right now. Try again in a moment.'
    default:
      return error.message
  }
}

function connectionInWords({ code, undecided, message }: ConnectionError): string {
  if (undecided) return 'The connection broke before an answer came. Look whether it was done, then try again.'
  if (code === 'unauthorized') return `You are not signed in. ${message}`
  if (code === 'misconfigured') return `This page cannot connect to its chat. ${message}`
  return 'There is no connection right now. Try again when it is back.'
}

/** Why somebody is not in a room any more. */
export function endInWords(reason: KickReason | Error): string {
  if (reason === 'revoked') return 'You are no longer a member of this room.'
  if (reason === 'disabled') return 'This room was disabled. What was said is kept.'
  return reason === 'deleted' ? 'This room was deleted.' : `You left this room: ${inWords(reason)}`
}

const list = (principals: readonly string[] = []) => principals.map((one) => one.replace(/^user:/, '')).join(', ')
