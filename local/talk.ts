import { createInterface } from 'node:readline'
import { inspect } from 'node:util'
import { WebSocket } from 'ws'
import { parse } from './json.ts'

const usage = 'talk <ws url> <user>[,<group>…]   or   TOKEN=<token> talk <ws url>'
const [url, who] = process.argv.slice(2)
if (!url || !(who || process.env.TOKEN)) {
  console.error(usage)
  process.exit(2)
}

/** The local run signs a token for any name. */
async function tokenFor(who: string): Promise<string> {
  const [user = '', ...groups] = who.split(',')
  const address = new URL('/token', url?.replace(/^ws/, 'http'))
  address.search = String(new URLSearchParams({ user, ...(groups.length > 0 && { groups: groups.join(',') }) }))
  const response = await fetch(address)
  if (!response.ok) throw new Error(await response.text())
  return response.text()
}

/** A person gets colours and lines, a pipe gets the frame as it came. */
function show(frame: string): void {
  const value = parse(frame)
  if (!process.stdout.isTTY || value === undefined) console.log(frame)
  else console.log(inspect(value, { colors: true, depth: null, breakLength: process.stdout.columns, sorted: false }))
}

const token = process.env.TOKEN ?? (await tokenFor(who ?? ''))
const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${token}` } })
socket.on('message', (data) => show(data.toString()))
socket.on('error', (error) => {
  console.error(error.message)
  process.exitCode = 1
})
socket.on('close', (code, reason) => {
  console.error(`closed: ${code} ${reason}`)
  process.exit()
})
socket.on('open', () => {
  if (process.stdin.isTTY) console.error(`connected to ${url}; every line you type is sent`)
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    if (line.trim()) socket.send(line)
  })
  lines.on('close', () => closeWhenQuiet())
})

/** The end of the input leaves time for the answers: it closes once nothing has come for a while. */
function closeWhenQuiet(): void {
  const quietMs = 500
  const timer = setTimeout(() => socket.close(1000), quietMs)
  socket.on('message', () => timer.refresh())
}
