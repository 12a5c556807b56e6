import { ChatError, ConnectionError, type KickReason } from '../../client/index.ts'

/** The text of an error, for a person. */
export function errorText(error: unknown): string {
  if (error instanceof ConnectionError) return connectionErrorText(error)
  if (!(error instanceof ChatError)) return error instanceof Error ? error.message : String(error)
  switch (error.code) {
    case 'not_found':
      return 'There is no such room, or it is not visible to you.'
    case 'duplicate_name':
      return 'There is a room of that name already. Choose another one.'
    case 'conflict':
      return 'Someone else changed this at the same time. Check the new values and make your change again.'
    case 'not_in_scope':
      return `Not allowed in the category of this room: ${list(error.details.principals)}.`
    case 'presenter_not_member':
      return `Presenters must be members first: ${list(error.details.principals)}.`
    case 'unknown_principal':
      return `No user of this name has signed in yet: ${list(error.details.principals)}.`
    case 'rate_limited':
      return 'That was too fast. Wait a moment.'
    case 'unavailable':
    case 'internal':
      return 'The chat could not do that right now. Try again in a moment.'
    default:
      return error.message
  }
}

function connectionErrorText({ code, undecided, message }: ConnectionError): string {
  if (undecided) return 'The connection was lost before the answer came. Check whether it was done, then try again.'
  if (code === 'unauthorized') return `You are not signed in. ${message}`
  if (code === 'misconfigured') return `This page cannot connect to its chat. ${message}`
  return 'There is no connection right now. Try again when it is back.'
}

/** Why the user is not in a room any more. */
export function endText(reason: KickReason | Error): string {
  if (reason === 'revoked') return 'You are no longer a member of this room.'
  if (reason === 'disabled') return 'This room was disabled. Its messages are kept.'
  return reason === 'deleted' ? 'This room was deleted.' : `You left this room: ${errorText(reason)}`
}

const list = (principals: readonly string[] = []) => principals.map((one) => one.replace(/^user:/, '')).join(', ')
