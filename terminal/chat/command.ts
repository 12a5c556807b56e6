import type { Command, Invocation } from '../command/command.ts'
import { exitCodes, Failure } from '../command/failure.ts'
import { connect } from '../connect.ts'
import { throwAsFailure } from '../failures.ts'
import { aboutConnections, aboutTokens, connectionIsDown } from '../options.ts'
import { tokenFor } from '../token.ts'
import { converse } from './converse.ts'
import { Ending } from './ending.ts'
import { type ChatOptions, chatOptions } from './options.ts'

export const chat: Command<ChatOptions> = {
  name: 'chat',
  about: `Talks in a room: each line of the input is a message, empty lines are not sent.
From a pipe it ends when every line is stored; with --json it prints them as they were stored.
In a terminal it shows what is said until ctrl-D. --follow listens on behind a pipe.`,
  options: chatOptions,
  notes: [
    aboutTokens,
    aboutConnections,
    'A line that is refused is named on standard error with its number; the lines after it are sent all the same.',
    'The further lines of a text stand behind "│". Control characters are shown as \\u{1b}.',
  ],
  exits: {
    0: 'every line is stored; or a conversation at a terminal or with --follow was ended',
    1: 'there is no connection, no such room, or a line of a pipe was refused',
    130: 'stopped by a signal before every line of a pipe was sent',
  },
  examples: [
    'npm run chat -- --user alice --room Lobby --create',
    'echo hi | npm run --silent chat -- --user bot --room Lobby',
    'npm run --silent chat -- --user bot --room Lobby --json --follow </dev/null | jq .text',
  ],
  run: (asked) => talk(asked).catch(throwAsFailure),
}

async function talk({ values, output }: Invocation<ChatOptions>): Promise<number> {
  const { url, timeout, user, groups = '' } = values
  const { client, lost } = await connect({
    url,
    timeout,
    token: () => tokenFor(url, { user, groups }),
    down: () => output.note(connectionIsDown),
  })
  const ending = new Ending()
  ending.on(lost)
  process.on('SIGINT', () => ending.interrupt()).on('SIGTERM', () => ending.interrupt())
  const session = client.session()
  try {
    const { refused, isCut, rest } = await converse({ client, session, values, output, ending })
    if (ending.failure)
      throw isCut ? new Failure(`${ending.failure.message} ${rest}`, ending.failure.code) : ending.failure
    if (isCut) output.note(rest)
    if (isCut && !values.follow) return exitCodes.interrupted
    return refused > 0 ? exitCodes.failed : exitCodes.done
  } finally {
    if (session.state === 'established' && !lost.aborted) await session.leave().catch(() => undefined)
    client.close()
  }
}
