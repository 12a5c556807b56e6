import { type LocalRun, startLocalRun } from '../support/local-run/local-run.ts'
import { ChatSocket } from '../support/socket/chat-socket.ts'
import { someName } from './world.ts'

let run: LocalRun
beforeAll(async () => {
  run = await startLocalRun()
})
afterAll(() => run.stop())

const connect = async (user: string) => ChatSocket.open(run.url, await run.token(user))

describe('a room with more than 75 participants', () => {
  it('shows their number and pushes no joins and leaves, and is an ordinary room again below 60', async () => {
    const alice = await connect('alice')
    const { room } = await alice.ask('createRoom', { name: someName(), privacy: 'open' })
    const { roomId } = room
    await alice.ask('join', { roomId })
    const guests: ChatSocket[] = []
    const arrive = async () => {
      const guest = await connect(`guest-${guests.length}`)
      guests.push(guest)
      return guest.ask('join', { roomId })
    }
    while (guests.length < 73) await arrive()
    expect((await arrive()).participants).toHaveLength(75)
    for (const _ of guests) await alice.push('participant', { event: 'joined' })
    const crowded = await arrive()
    expect(crowded.participants).toBeUndefined()
    expect(crowded.participantCount).toBe(76)
    expect((await alice.ask('participants', { roomId })).participants).toHaveLength(76)

    const leave = () => guests.pop()?.ask('leave', { roomId })
    while (guests.length > 59) await leave()
    expect((await alice.ask('join', { roomId })).participantCount).toBe(60)
    expect(alice.pushes).toEqual([])
    await leave()
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'guest-58' } })
    expect((await alice.ask('join', { roomId })).participants).toHaveLength(59)

    await alice.ask('send', { roomId, text: 'Still here' })
    await Promise.all(guests.map((guest) => guest.push('message')))
    await Promise.all([alice, ...guests].map((socket) => socket.close()))
  })
})
