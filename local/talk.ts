import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { inspect } from 'node:util'
import { WebSocket } from 'ws'
import { isObject, type Json, object, parse } from './json.ts'
import { frameFor, linesFor, readWords } from './words.ts'

const usage = `talk <ws url> <user>[,<group>…]   or   TOKEN=<token> talk <ws url>
  --frames   type and see frames, not words`
const given = process.argv.slice(2)
const [url, who] = given.filter((argument) => !argument.startsWith('--'))
if (!url || !(who || process.env.TOKEN)) {
  console.error(usage)
  process.exit(2)
}

const { localRun } = object(parse(readFileSync('package.json', 'utf8')))
const words = given.includes('--frames') ? undefined : readWords(object(localRun).talk)

/** The local run signs a token for any name. */
async function tokenFor(who: string): Promise<string> {
  const [user = '', ...groups] = who.split(',')
  const address = new URL('/token', url?.replace(/^ws/, 'http'))
  address.search = String(new URLSearchParams({ user, ...(groups.length > 0 && { groups: groups.join(',') }) }))
  const response = await fetch(address)
  if (!response.ok) throw new Error(await response.text())
  return response.text()
}

/** Of a frame a person gets its words, or colours and lines; a pipe that asked for frames gets them as they came. */
function show(frame: string, value: unknown): void {
  if (words) for (const line of linesFor(words, value)) console.log(line)
  else if (!process.stdout.isTTY || value === undefined) console.log(frame)
  else console.log(inspect(value, { colors: true, depth: null, breakLength: process.stdout.columns, sorted: false }))
}

const first = [...(words?.first ?? [])]
const last = first.at(-1)
let answer: Json = {}

/** Of the first frames only what answers the last is worth a line: an earlier one may well have been sent before. */
function receive(frame: string): void {
  const value = parse(frame)
  const answered = isObject(value) && first[0] !== undefined && value.id === first[0].id
  if (!answered || first[0] === last) show(frame, value)
  if (!answered) return
  first.shift()
  if (first.length === 0) begin(value)
  else socket.send(JSON.stringify(first[0]))
}

function begin(answered: Json): void {
  answer = answered
  if (process.stdin.isTTY) console.error(words ? 'Type, and press return.' : `connected to ${url}; every line is sent`)
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    if (line.trim()) socket.send(words ? JSON.stringify(frameFor(words, line, answer)) : line)
  })
  lines.on('close', () => closeWhenQuiet())
}

const token =
  process.env.TOKEN ??
  (await tokenFor(who ?? '').catch((error: unknown) => {
    console.error(`${url} does not answer: is it running? (${error instanceof Error ? error.message : error})`)
    process.exit(1)
  }))
const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${token}` } })
socket.on('message', (data) => receive(data.toString()))
socket.on('error', (error) => {
  console.error(error.message)
  process.exitCode = 1
})
socket.on('close', (code, reason) => {
  console.error(`closed: ${code} ${reason}`)
  process.exit()
})
socket.on('open', () => {
  if (first.length === 0) begin({})
  else socket.send(JSON.stringify(first[0]))
})

/** The end of the input leaves time for the answers: it closes once nothing has come for a while. */
function closeWhenQuiet(): void {
  const quietMs = 500
  const timer = setTimeout(() => socket.close(1000), quietMs)
  socket.on('message', () => timer.refresh())
}
