import { throwAsFailure } from '../client-failures.ts'
import type { Command, Invocation } from '../command/command.ts'
import { exitCodes, Failure } from '../command/failure.ts'
import { connect } from '../connect.ts'
import { aboutConnections, aboutTokens, connectionIsDown } from '../options.ts'
import { tokenFor } from '../token.ts'
import { runConversation } from './conversation.ts'
import { type ChatOptions, chatOptions } from './options.ts'
import { Shutdown } from './shutdown.ts'

export const chat: Command<ChatOptions> = {
  name: 'chat',
  about: `Talks in a room: each line of the input is a message, empty lines are not sent.
With a pipe as input it ends when all lines are stored; with --json it prints the stored messages.
In a terminal it shows the messages of the room until ctrl-D. With --follow it does so after a pipe as well.`,
  options: chatOptions,
  notes: [
    aboutTokens,
    aboutConnections,
    'A refused line is reported on standard error with its number; the lines after it are sent all the same.',
    'The second and later lines of a text begin with "│". Control characters are shown as \\u{1b}.',
  ],
  exits: {
    0: 'all lines are stored; or a conversation at a terminal or with --follow has ended',
    1: 'there is no connection, no such room, or a line of a pipe was refused',
    130: 'stopped by a signal before all lines of a pipe were sent',
  },
  examples: [
    'npm run chat -- --user alice --room Lobby --create',
    'echo hi | npm run --silent chat -- --user bot --room Lobby',
    'npm run --silent chat -- --user bot --room Lobby --json --follow </dev/null | jq .text',
  ],
  run: (invocation) => talk(invocation).catch(throwAsFailure),
}

async function talk({ values, output }: Invocation<ChatOptions>): Promise<number> {
  const { url, timeout, user, groups = '' } = values
  const { client, lost } = await connect({
    url,
    timeout,
    token: () => tokenFor(url, { user, groups }),
    onDown: () => output.note(connectionIsDown),
  })
  const shutdown = new Shutdown()
  shutdown.on(lost)
  process.on('SIGINT', () => shutdown.interrupt()).on('SIGTERM', () => shutdown.interrupt())
  const session = client.session()
  try {
    const { refused, isCut, rest } = await runConversation({ client, session, values, output, shutdown })
    if (shutdown.failure)
      throw isCut ? new Failure(`${shutdown.failure.message} ${rest}`, shutdown.failure.code) : shutdown.failure
    if (isCut) output.note(rest)
    if (isCut && !values.follow) return exitCodes.interrupted
    return refused > 0 ? exitCodes.failed : exitCodes.done
  } finally {
    if (session.state === 'established' && !lost.aborted) await session.leave().catch(() => undefined)
    client.close()
  }
}
