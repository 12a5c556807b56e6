import { type ChatClient, ChatError, ConnectionError, type RecordEntry, type Room } from '../../client/index.ts'
import { isSameRoom, referenceTo } from '../../client/room-reference.ts'
import { findRoom } from '../../terminal/export/find-room.ts'
import { recordPages } from '../../terminal/export/record.ts'
import { ManualClock } from '../client/manual-clock.ts'

type RecordPage = ChatClient['recordPage']

const busy = new ChatError({ code: 'rate_limited', message: 'Later.', retryable: true, retryAfterMs: 700 })
const line = (nr: number): RecordEntry => ({ at: '2026-11-22T22:33:01.123Z', event: 'said', by: `user ${nr}` })
const page = (nr: number, cursor?: string) => ({
  entries: [line(nr)],
  ...(cursor !== undefined && { cursor }),
})

async function read(recordPage: RecordPage, clock: ManualClock): Promise<string[]> {
  const found: string[] = []
  for await (const entries of recordPages({ recordPage }, clock, { roomId: 'lobby' }))
    found.push(...entries.map(({ by }) => by))
  return found
}

/** Lets all time pass that anything waits for. */
async function passing<Value>(clock: ManualClock, work: Promise<Value>): Promise<Value> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  work.then(done, done)
  while (!isDone) await clock.pass(1000)
  return work
}

describe('the pages of a record', () => {
  test('are read by their cursors, and a page that may come later is waited for, without a line lost or doubled', async () => {
    const clock = new ManualClock()
    const asked: (string | undefined)[] = []
    const unanswered = new ConnectionError('record was not answered.', 'unanswered', { undecided: true })
    const answers = [page(1, 'a'), busy, unanswered, page(2, 'b'), page(3)]
    const record: RecordPage = async ({ cursor }) => {
      asked.push(cursor)
      const answer = answers.shift()
      if (answer instanceof Error || !answer) throw answer
      return answer
    }
    const started = clock.now()
    expect(await passing(clock, read(record, clock))).toEqual(['user 1', 'user 2', 'user 3'])
    expect(asked).toEqual([undefined, 'a', 'a', 'a', 'b'])
    expect(clock.now() - started).toBeGreaterThanOrEqual(700 + 2000)
  })

  test('are not asked for again after a refusal', async () => {
    const refused = new ChatError({ code: 'forbidden', message: 'No.', retryable: false })
    let asked = 0
    const record: RecordPage = async () => {
      asked++
      throw refused
    }
    await expect(read(record, new ManualClock())).rejects.toBe(refused)
    expect(asked).toBe(1)
  })

  test('are given up where the server is busy for minutes, and where it goes round in a circle', async () => {
    const clock = new ManualClock()
    await expect(
      passing(
        clock,
        read(async () => Promise.reject(busy), clock),
      ),
    ).rejects.toBe(busy)
    await expect(read(async () => page(1, 'same'), clock)).rejects.toThrow(
      'The server returned the same page of the record twice.',
    )
  })
})

describe('the room of a record', () => {
  const roomOf = (roomId: string, name: string): Room => ({
    roomId,
    uri: `chat://here/${roomId}`,
    name,
    description: '',
    categoryId: 'general',
    privacy: 'open',
    auditorium: false,
    invitations: 'inherit',
    disabled: false,
    version: 1,
    createdAt: '2026-11-22T22:33:01.123Z',
    createdBy: 'alice',
    updatedAt: '2026-11-22T22:33:01.123Z',
    updatedBy: 'alice',
  })
  const rooms = [roomOf('r1', 'Lobby'), roomOf('r2', 'r1')]
  const getRoom: ChatClient['getRoom'] = async (target) => {
    const room = rooms.find((one) => isSameRoom(referenceTo(target), one))
    if (!room) throw new ChatError({ code: 'not_found', message: 'There is no such room.', retryable: false })
    return { room, permissions: [] }
  }
  const find = (room: string) => findRoom({ getRoom }, room)

  test.each([
    ['its id', 'r1', 'r1', true],
    ['its URI', 'chat://here/r2', 'r2', true],
    ['its name', 'Lobby', 'r1', true],
    ['an id although another room has it as its name', 'r1', 'r1', true],
    ['the id of a room that is gone', 'r3', 'r3', false],
    ['the URI of a room that is gone', 'chat://here/r3', 'r3', false],
  ])('is found by %s', async (_, said, roomId, exists) => expect(await find(said)).toEqual({ roomId, exists }))

  test('is not taken for gone where the server does not answer', async () => {
    const lost = new ConnectionError('getRoom was not answered.', 'unanswered')
    await expect(findRoom({ getRoom: () => Promise.reject(lost) }, 'Lobby')).rejects.toBe(lost)
  })
})
