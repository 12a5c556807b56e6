import type { Fault } from './faulty-gateway.ts'
import type { Frame } from './socket/chat-socket.ts'

/** Faults of a gateway or a server, each of which breaks one promise. Counters make them happen again and again. */

/** Whether this is one of the pushes of a message that are chosen: every fourth. */
function everyFourth(): (frame: Frame) => boolean {
  let count = 0
  return (frame) => frame.type === 'message' && ++count % 4 === 0
}

/** Lets a push wait until the next frame has passed. */
export function reordering(): Fault {
  const chosen = everyFourth()
  return (frame, link) => {
    const { held } = link
    link.held = held === undefined && chosen(frame) ? frame : undefined
    if (link.held) return []
    return held ? [frame, held] : [frame]
  }
}

export function dropping(): Fault {
  const chosen = everyFourth()
  return (frame) => (chosen(frame) ? [] : [frame])
}

export function doubling(): Fault {
  const chosen = everyFourth()
  return (frame) => (chosen(frame) ? [frame, frame] : [frame])
}

/** Gives the second message of a room the position of the third. */
export const renumberingPushes: Fault = (frame) => [
  frame.type === 'message' && frame.seq === 2 ? { ...frame, seq: 3 } : frame,
]

/** Tells the author another position than the one in the log. */
export const renumberingReplies: Fault = (frame) =>
  frame.message?.seq === 2 ? [{ ...frame, message: { ...frame.message, seq: 3 } }] : [frame]

/** Leaves the second message of a room out of what `history` answers. */
export const hiding: Fault = (frame) => [
  isPage(frame) ? { ...frame, messages: frame.messages.filter(({ seq }: Frame) => seq !== 2) } : frame,
]

/** Answers `history` with the second message twice. */
export const repeating: Fault = (frame) => [
  isPage(frame)
    ? { ...frame, messages: frame.messages.flatMap((one: Frame) => (one.seq === 2 ? [one, one] : [one])) }
    : frame,
]

/** Makes the clock of the second message run ahead. */
export const misdating: Fault = (frame) => [
  isPage(frame)
    ? { ...frame, messages: frame.messages.map((one: Frame) => (one.seq === 2 ? { ...one, sentAt: '9999' } : one)) }
    : frame,
]

/** Leaves the first message out of the page of a join that goes on behind a position. */
export const skipping: Fault = (frame) => [
  frame.participants && frame.messages.length > 0 && frame.messages[0].seq > 1
    ? { ...frame, messages: frame.messages.slice(1) }
    : frame,
]

/** Delivers messages to people who were told that they are out of the room. */
export const deliveringAfterRevocation: Fault = (frame, link, links) => {
  if (frame.ok && frame.message && frame.duplicate !== undefined) {
    for (const other of links) {
      if (other !== link && other.wasKicked) other.send({ type: 'message', ...frame.message })
    }
  }
  return [frame]
}

/** Closes a connection that gives way without saying why. */
export const silentEviction: Fault = (frame) => (frame.type === 'goaway' ? [] : [frame])

const isPage = (frame: Frame): boolean => frame.exceeded !== undefined && Array.isArray(frame.messages)
