import { type Local, startLocal } from '../../local/start.ts'
import { faultsOf, type MetricLine, samplesIn } from '../support/metric-format.ts'
import { ChatSocket } from '../support/socket/chat-socket.ts'

const canary = 'canary7f3a'

let local: Local
const written: { name: string; text: string; at: number }[] = []
let seen = () => {}
const disconnected = new Promise<void>((resolve) => {
  seen = resolve
})

beforeAll(async () => {
  const onLine = (name: string, text: string) => {
    written.push({
      name,
      text: `${text}
`,
      at: Date.now(),
    })
    if (name.includes('Disconnect')) seen()
  }
  local = await startLocal({ port: 0, onLine })
})
afterAll(() => local.stop())

const token = async (user: string) =>
  (await fetch(`${local.origin}/token?${new URLSearchParams({ user, name: canary })}`)).text()
const lines = () => written.map(({ text }): MetricLine => JSON.parse(text))
const linesOf = (verb: string) => lines().filter((line) => line.verb === verb)

describe('the functions of a running system', () => {
  let socket: ChatSocket
  let roomId: string

  beforeAll(async () => {
    socket = await ChatSocket.open(local.url, await token(`ana-${canary}`))
    ;({ roomId } = (await socket.ask('createRoom', { name: canary, privacy: 'open' })).room)
    await socket.ask('join', { roomId })
    await socket.ask('send', { roomId, text: canary })
    await socket.request('leave', { roomId: canary })
    await fetch(local.url.replace('ws', 'http'), { headers: { authorization: `Bearer ${canary}` } })
    local.faults.set('failCallBefore:1')
    await socket.request('send', { roomId, text: canary })
    local.faults.set('')
    await socket.close()
    await disconnected
  })

  test('write nothing but lines that CloudWatch takes', () => {
    expect(written.flatMap(({ text, at }) => faultsOf(text, at))).toEqual([])
  })

  test('write one line for each request, before its answer', () => {
    const verbs = lines().map(({ verb }) => verb)
    expect(verbs.filter((verb) => verb !== undefined).sort()).toEqual(
      ['$connect', '$disconnect', 'authorizer', 'createRoom', 'join', 'leave', 'send', 'send'].sort(),
    )
  })

  test('never write what a user says, nor the ids of users and rooms', () => {
    for (const { text } of written) {
      expect(text).not.toContain(canary)
      expect(text).not.toContain(roomId)
    }
  })

  test('name the call, the table and the place in the bundle of a failure', () => {
    const [, failed] = linesOf('send')
    expect(failed).toMatchObject({ outcome: 'unavailable', action: expect.any(String), error: expect.any(String) })
    expect(failed?.target).toMatch(/Tables(Sessions|Messages|Rooms)/)
  })

  test('count a message under the name of the stack and under the verb', () => {
    const samples = lines().flatMap(samplesIn)
    const sum = (name: string, series: string) =>
      samples.filter((one) => one.name === name && one.series === series).reduce((all, { value }) => all + value, 0)
    expect(sum('Requests', 'Stack=PersistentChat')).toBe(8)
    expect(sum('Requests', 'Stack=PersistentChat,Verb=send')).toBe(2)
    expect(sum('Connections', 'Stack=PersistentChat')).toBe(1)
    expect(sum('Refused', 'Stack=PersistentChat,Outcome=not_joined')).toBe(1)
    expect(sum('SendToHanded', 'Stack=PersistentChat')).toBeGreaterThanOrEqual(0)
    expect(sum('Units', 'Stack=PersistentChat,Verb=send')).toBeGreaterThan(20)
  })
})
