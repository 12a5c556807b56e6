import type { ChatClient, ChatRoomSession, Message } from '../../client/index.ts'
import { Failure, reasonOf } from '../command/failure.ts'
import type { Values } from '../command/options.ts'
import type { Output } from '../command/output.ts'
import type { Ending } from './ending.ts'
import { enter } from './enter.ts'
import { attendanceLine } from './lines.ts'
import type { ChatOptions } from './options.ts'
import { sendLines } from './piped.ts'
import { Show } from './show.ts'
import { readTyped } from './typed.ts'

export interface Conversation {
  client: ChatClient
  session: ChatRoomSession
  values: Values<ChatOptions>
  output: Output
  ending: Ending
}

/** How the input of a conversation was sent. */
export interface Outcome {
  refused: number
  /** Whether the conversation ended before every line of the input was sent. */
  isCut: boolean
  /** A sentence about the lines that were not sent. */
  rest: string
}

/** Joins the room and sends the lines of standard input, until the input or the conversation ends. */
export async function converse({ client, session, values, output, ending }: Conversation): Promise<Outcome> {
  const isTyped = process.stdin.isTTY === true
  const follows = isTyped || values.follow
  const show = new Show(output, () => (process.stdout.isTTY ? process.stdout.columns || undefined : undefined))
  const shown = (message: Message) => void show.entry(message)
  session.on('state', ({ state, reason }) => {
    if (state === 'terminated') ending.end(outOf(reason))
  })
  if (follows) {
    session.on('message', shown)
    session.on('removal', shown)
    session.on('reset', ({ messages }) => {
      output.note('The log of the room was cut or restored; its newest messages follow.')
      messages.forEach(shown)
    })
    ending.on(output.closed)
  }
  if (isTyped) session.on('participant', (attendance) => output.note(attendanceLine(attendance)))
  const { messages, room } = await enter(client, session, { ...values, limit: follows ? values.history : 0 })
  if (follows) messages.forEach(shown)
  if (!isTyped) return pipe({ client, session, values, output, ending })
  output.note(`You are in ${room.name}. What you type is said there; ctrl-D ends it.`)
  const screen = process.stdout.isTTY ? process.stdout : process.stderr
  const line = (text: string) => {
    session.send(text).catch((error: unknown) => output.note(`Not sent: ${reasonOf(error)}`))
  }
  await readTyped(process.stdin, screen, output, { signal: ending.signal, line })
  return { refused: 0, isCut: false, rest: '' }
}

async function pipe({ session, values, output, ending }: Conversation): Promise<Outcome> {
  const stored = async (message: Message) => {
    if (values.json && !values.follow) await output.printJson(message)
  }
  const { last, refused, complete } = await sendLines(session, process.stdin, output, { signal: ending.signal, stored })
  if (complete && values.follow) await ending.ended()
  const rest = last === 0 ? 'No line was sent.' : `The lines behind line ${last} were not sent.`
  // A follower that sent nothing has no lines to report.
  return { refused, isCut: !complete && (last > 0 || !values.follow), rest }
}

function outOf(reason: unknown): Failure {
  if (reason instanceof Failure) return reason
  if (reason instanceof Error) return new Failure(`You are out of the room: ${reason.message}`, 'closed')
  return new Failure(`You are out of the room: ${String(reason ?? 'it ended')}.`, 'kicked')
}
