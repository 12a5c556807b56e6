import { type ChatClient, type ChatRoomSession, KnownNames, type Message } from '../../client/index.ts'
import { Failure, reasonOf } from '../command/failure.ts'
import type { Values } from '../command/options.ts'
import type { Output } from '../command/output.ts'
import { participantLine } from './format.ts'
import { joinRoom } from './join-room.ts'
import { MessagePrinter } from './message-printer.ts'
import type { ChatOptions } from './options.ts'
import { readPrompt } from './prompt.ts'
import { sendLines } from './send-lines.ts'
import type { Shutdown } from './shutdown.ts'

export interface Conversation {
  client: ChatClient
  session: ChatRoomSession
  values: Values<ChatOptions>
  output: Output
  shutdown: Shutdown
}

/** How the input of a conversation was sent. */
export interface ConversationResult {
  refused: number
  /** Whether the conversation ended before all lines of the input were sent. */
  isCut: boolean
  /** A sentence about the lines that were not sent. */
  rest: string
}

/** Joins the room and sends the lines of standard input, until the input or the conversation ends. */
export async function runConversation(conversation: Conversation): Promise<ConversationResult> {
  const { client, session, values, output, shutdown } = conversation
  const isTyped = process.stdin.isTTY === true
  const follows = isTyped || values.follow
  const names = new KnownNames()
  const printer = new MessagePrinter(output, names, () =>
    process.stdout.isTTY ? process.stdout.columns || undefined : undefined,
  )
  const print = (message: Message) => void printer.print(message)
  session.on('state', ({ state, reason }) => {
    if (state === 'terminated') shutdown.start(sessionFailure(reason))
  })
  if (follows) {
    session.on('message', print)
    session.on('removal', print)
    session.on('reset', ({ messages }) => {
      output.note('The log of the room was cut or restored; its newest messages follow.')
      messages.forEach(print)
    })
    shutdown.on(output.closed)
  }
  session.on('participant', (event) => {
    names.add(event.user)
    if (isTyped) output.note(participantLine(event, names))
  })
  const { messages, room } = await joinRoom(client, session, { ...values, limit: follows ? values.history : 0 })
  for (const participant of session.participants) names.add(participant)
  if (follows) messages.forEach(print)
  if (!isTyped) return sendPipe(conversation)
  output.note(`You are in ${room.name}. What you type is said there; ctrl-D ends it.`)
  const screen = process.stdout.isTTY ? process.stdout : process.stderr
  const line = (text: string) => {
    session.send(text).catch((error: unknown) => output.note(`Not sent: ${reasonOf(error)}`))
  }
  await readPrompt(process.stdin, screen, output, { signal: shutdown.signal, line })
  return { refused: 0, isCut: false, rest: '' }
}

async function sendPipe({ session, values, output, shutdown }: Conversation): Promise<ConversationResult> {
  const stored = async (message: Message) => {
    if (values.json && !values.follow) await output.printJson(message)
  }
  const { signal } = shutdown
  const { last, refused, complete } = await sendLines(session, process.stdin, output, { signal, stored })
  if (complete && values.follow) await shutdown.started()
  const rest = last === 0 ? 'No line was sent.' : `The lines behind line ${last} were not sent.`
  // With --follow and without input there are no lines to report.
  return { refused, isCut: !complete && (last > 0 || !values.follow), rest }
}

function sessionFailure(reason: unknown): Failure {
  if (reason instanceof Failure) return reason
  if (reason instanceof Error) return new Failure(`You are out of the room: ${reason.message}`, 'closed')
  return new Failure(`You are out of the room: ${String(reason ?? 'it ended')}.`, 'kicked')
}
