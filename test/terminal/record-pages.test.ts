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

/** Moves the clock forward until the work is done. */
async function untilDone<Value>(clock: ManualClock, work: Promise<Value>): Promise<Value> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  work.then(done, done)
  while (!isDone) await clock.pass(1000)
  return work
}

describe('the pages of a record', () => {
  test('are read by their cursors, with retries of temporary failures and without a lost or repeated entry', async () => {
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
    expect(await untilDone(clock, read(record, clock))).toEqual(['user 1', 'user 2', 'user 3'])
    expect(asked).toEqual([undefined, 'a', 'a', 'a', 'b'])
    expect(clock.now() - started).toBeGreaterThanOrEqual(700 + 2000)
  })

  test('are not requested again after a refusal', async () => {
    const refused = new ChatError({ code: 'forbidden', message: 'No.', retryable: false })
    let asked = 0
    const record: RecordPage = async () => {
      asked++
      throw refused
    }
    await expect(read(record, new ManualClock())).rejects.toBe(refused)
    expect(asked).toBe(1)
  })

  test('are abandoned if the server is busy for minutes or repeats a cursor', async () => {
    const clock = new ManualClock()
    await expect(
      untilDone(
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
    ['its id although another room has this name', 'r1', 'r1', true],
    ['the id of a deleted room', 'r3', 'r3', false],
    ['the URI of a deleted room', 'chat://here/r3', 'r3', false],
  ])('is found by %s', async (_, said, roomId, exists) => expect(await find(said)).toEqual({ roomId, exists }))

  test('does not count as deleted if the server does not answer', async () => {
    const lost = new ConnectionError('getRoom was not answered.', 'unanswered')
    await expect(findRoom({ getRoom: () => Promise.reject(lost) }, 'Lobby')).rejects.toBe(lost)
  })
})
