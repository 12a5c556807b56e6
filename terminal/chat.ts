import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import WebSocket from 'ws'
import { ChatClient, ChatError, type ChatRoomSession, type Message } from '../client/index.ts'
import { attendanceLine, messageLine } from './lines.ts'
import { fail, tokenFor } from './token.ts'

/**
 * A chat in the terminal, or in a pipe:
 *
 *     npm run chat -- --user alice --room Lobby
 *     echo hi | npm run --silent chat -- --user bot --room Lobby
 *     npm run --silent chat -- --user bot --room Lobby --json --follow </dev/null | jq .text
 *
 * Each line is a message. From a pipe, the program ends when everything is sent, and `--json` shows it as it was stored;
 * with `--follow` it listens on.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'ws://127.0.0.1:3000/chat' },
    user: { type: 'string', default: 'guest' },
    groups: { type: 'string', default: '' },
    room: { type: 'string', default: 'Lobby' },
    create: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    follow: { type: 'boolean', default: false },
    history: { type: 'string', default: '10' },
  },
})

const { url, user, groups, room, create, json, history } = values
const isTalking = process.stdin.isTTY === true
const follows = isTalking || values.follow

const show = (message: Message) => tell(json ? JSON.stringify(message) : messageLine(message))
const tell = (line: string) => process.stdout.write(`${line}\n`)
const remark = (line: string) => {
  if (!json) process.stderr.write(`${line}\n`)
}

const client = new ChatClient({ url, token: () => tokenFor(url, { user, groups }), webSocket: WebSocket })
client.on('state', ({ state }) => {
  if (state === 'waiting') remark('* The connection is down; trying again.')
})
const session = client.session()
session.on('state', ({ state, reason }) => {
  if (state === 'terminated')
    fail(reason instanceof Error ? reason : `You are out of the room: ${reason ?? 'the end'}.`)
})
session.on('failed', ({ error }) => remark(`* Not sent: ${error.message}`))
if (follows) session.on('message', show)
if (isTalking) session.on('participant', (attendance) => remark(attendanceLine(attendance)))

await client.connect().catch(fail)
const { messages } = await enter(session).catch(fail)
if (follows) messages.forEach(show)
if (isTalking) remark(`* You are in ${session.room?.name}. What you type is said there; ctrl-D ends it.`)

const sending: Promise<unknown>[] = []
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== '') sending.push(say(line))
}
await Promise.all(sending)
if (!follows || isTalking) await farewell()
process.once('SIGINT', () => void farewell())
process.once('SIGTERM', () => void farewell())

/** What cannot be sent was remarked on already. */
async function say(line: string): Promise<void> {
  const stored = await session.send(line).catch(() => undefined)
  if (stored && json && !follows) show(stored)
}

/** Joins the room; with `--create`, makes an open one of that name where there is none. */
async function enter(session: ChatRoomSession) {
  const options = { limit: follows ? Number(history) : 0 }
  try {
    return await session.join(room, options)
  } catch (error) {
    if (!create || !(error instanceof ChatError) || error.code !== 'not_found') throw error
    const made = await client.createRoom({ name: room, privacy: 'open' })
    return session.join({ roomId: made.roomId }, options)
  }
}

async function farewell(): Promise<never> {
  await session.leave().catch(() => undefined)
  client.close()
  process.exit(0)
}
