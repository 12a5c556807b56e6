import { randomBytes } from 'node:crypto'
import { type ChatClient, systemClock } from '../../client/index.ts'
import { throwAsFailure } from '../client-failures.ts'
import type { Command, Invocation } from '../command/command.ts'
import { exitCodes, Failure, UsageError } from '../command/failure.ts'
import { json, type Options } from '../command/options.ts'
import { connect } from '../connect.ts'
import { aboutConnections, aboutTokens, connectionIsDown, connectionOptions } from '../options.ts'
import { tokenFor } from '../token.ts'
import { chained, firstHash } from './chain.ts'
import { findRoom } from './find-room.ts'
import { recordPages } from './record.ts'
import { verifyFile } from './verify.ts'

const options = {
  ...connectionOptions,
  room: { kind: 'text', shown: 'room', absent: 'only with --verify', meaning: 'id, chat:// URI or name of the room' },
  from: { kind: 'time', absent: 'its beginning', meaning: 'first moment, a time or a day in UTC' },
  to: { kind: 'time', absent: 'now', meaning: 'last moment, a time or the beginning of a day in UTC' },
  group: { kind: 'text', shown: 'name', default: 'chat-admins', meaning: 'the group of administrators in a local run' },
  verify: { kind: 'text', shown: 'file', absent: 'no', meaning: 'check the hash chain of an exported file instead' },
  json: { ...json, meaning: 'print errors as JSON lines too; the record always is' },
} as const satisfies Options

export const exportRecord: Command<typeof options> = {
  name: 'export',
  about: 'Writes the compliance record of a room as JSON lines, oldest first.',
  options,
  notes: [
    `${aboutTokens} It must be the token of an administrator.`,
    aboutConnections,
    'The record of a room that was deleted is found by its id.',
    `Each line has a hash over the line before it and its own fields. --verify finds a line that was changed, added, moved or
removed, except at the end: keep the last hash elsewhere. It needs no connection.`,
  ],
  exits: {
    0: 'all entries are written, or the output was closed; standard error reports it if there are no entries; the chain holds',
    1: 'there is no such room and no record of it, or the record was refused; the chain breaks',
  },
  examples: [
    'npm run --silent export -- --room Lobby > lobby.jsonl',
    'npm run --silent export -- --url wss://… --room <id> --from 2026-11-01 --to 2026-12-01',
    'npm run --silent export -- --verify lobby.jsonl',
  ],
  run: (invocation) => {
    const { values, output } = invocation
    if (values.verify !== undefined) return verifyFile(values.verify, output)
    return write(invocation).catch(throwAsFailure)
  },
}

async function write({ values, output }: Invocation<typeof options>): Promise<number> {
  const { url, timeout, room, from, to, group } = values
  if (room === undefined) throw new UsageError('--room is missing: id, chat:// URI or name of the room.')
  if (from !== undefined && to !== undefined && from > to)
    throw new UsageError(`--from must not be later than --to; it is ${from}, and --to is ${to}.`)
  const { client, lost } = await connect({
    url,
    timeout,
    token: () => tokenFor(url, { user: 'export', groups: group }),
    onDown: () => output.note(connectionIsDown),
  })
  try {
    const { roomId, exists } = await findRoom(client, room)
    let written = 0
    let last = firstHash
    for await (const entries of recordPages(client, systemClock, { roomId, from, to })) {
      for (const entry of entries) {
        const line = chained(entry, last, salt)
        last = line.hash
        await output.printJson(line)
      }
      written += entries.length
      if (output.closed.aborted) return exitCodes.done
    }
    if (written > 0) return exitCodes.done
    if (!exists && (await isEmpty(client, roomId))) throw noRoom(room)
    output.note('0 entries: nothing is recorded of this room in this span of time.')
    return exitCodes.done
  } catch (error) {
    throw lost.aborted ? lost.reason : error
  } finally {
    client.close()
  }
}

const salt = () => randomBytes(16).toString('base64url')

/** Whether the whole record is empty. */
async function isEmpty(client: ChatClient, roomId: string): Promise<boolean> {
  for await (const entries of recordPages(client, systemClock, { roomId })) if (entries.length > 0) return false
  return true
}

const noRoom = (room: string) =>
  new Failure(
    `There is no room "${room}", and no record of one. A room that was deleted is found by its id.`,
    'not_found',
  )
