import { type ChatClientOptions, type ChatRoomSession, FormattedMessage, type Message } from '../../client/index.ts'
import { collected, errorOf, next } from './listening.ts'
import { settled } from './manual-clock.ts'
import { message, refused, roomId, ScriptedServer } from './scripted-server.ts'

const minute = 60_000

async function joined(
  server: ScriptedServer,
  options: { after?: number } = {},
  ports: Partial<ChatClientOptions> = {},
): Promise<ChatRoomSession> {
  const client = server.client(ports)
  await client.connect()
  const session = client.session()
  await session.join({ roomId }, options)
  return session
}

const seqs = (messages: readonly Message[]) => messages.map(({ seq }) => seq)
const logTo = (count: number) => Array.from({ length: count }, (_, at) => message(at + 1))

describe('a join', () => {
  it('returns the newest messages; with a position it raises all later messages as events instead', async () => {
    const server = new ScriptedServer()
    server.log = logTo(3)
    const client = server.client()
    await client.connect()
    const session = client.session()
    const heard = collected(session, 'message')
    expect(seqs((await session.join({ roomId })).messages)).toEqual([1, 2, 3])
    expect(seqs(heard)).toEqual([])
    await session.leave()
    expect((await session.join({ roomId }, { after: 1 })).messages).toEqual([])
    expect(seqs(heard)).toEqual([2, 3])
  })

  it('misses no message that is pushed before its reply', async () => {
    const server = new ScriptedServer()
    server.log = logTo(1)
    server.script = ({ action }, socket) => {
      if (action === 'join') socket.say({ type: 'message', ...message(2) })
      return undefined
    }
    const client = server.client()
    await client.connect()
    const session = client.session()
    const heard = collected(session, 'message')
    await session.join({ roomName: 'Lobby' })
    expect(seqs(heard)).toEqual([2])
  })

  it('with an older epoch raises a reset', async () => {
    const server = new ScriptedServer()
    server.log = logTo(3)
    const client = server.client()
    await client.connect()
    const session = client.session()
    const [heard, reset] = [collected(session, 'message'), next(session, 'reset')]
    await session.join({ roomId }, { after: 2, epoch: 'of old' })
    expect(await reset).toMatchObject({ reason: 'epoch', head: 3, messages: logTo(3) })
    expect(heard).toEqual([])
  })
})

describe('a gap', () => {
  it('that closes within 300 ms causes no request', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const heard = collected(session, 'message')
    server.newest.say({ type: 'message', ...message(2) })
    await server.clock.pass(299)
    server.newest.say({ type: 'message', ...message(1) })
    await server.clock.pass(1000)
    expect(seqs(heard)).toEqual([1, 2])
    expect(server.newest.askedFor('history')).toEqual([])
  })

  it('that stays is raised as an event and read from the history', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const [heard, gaps] = [collected(session, 'message'), collected(session, 'gap')]
    server.log = logTo(3)
    server.newest.say({ type: 'message', ...message(3) })
    await server.clock.pass(375)
    expect(server.newest.askedFor('history')).toMatchObject([{ roomId, after: 0 }])
    expect(gaps).toEqual([{ after: 0, before: 3 }])
    expect(seqs(heard)).toEqual([1, 2, 3])
  })

  it('that moves within 300 ms gets more time, but not endlessly', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const [heard, gaps] = [collected(session, 'message'), collected(session, 'gap')]
    server.log = logTo(20)
    for (let seq = 2; seq <= 20; seq += 2) server.newest.say({ type: 'message', ...message(seq) })
    for (let seq = 1; seq <= 5; seq += 2) {
      await server.clock.pass(299)
      server.newest.say({ type: 'message', ...message(seq) })
      expect(gaps).toEqual([])
    }
    await server.clock.pass(299)
    server.newest.say({ type: 'message', ...message(7) })
    await server.clock.pass(299)
    server.newest.say({ type: 'message', ...message(9) })
    await server.clock.pass(375 - 299)
    expect(gaps).toEqual([{ after: 10, before: 12 }])
    expect(heard).toHaveLength(20)
  })

  it('in a crowded room is read after a random time of some seconds', async () => {
    const moments: number[] = []
    for (const random of [0, 0.5, 0.999]) {
      const server = new ScriptedServer()
      server.present = { participantCount: 2000 }
      const session = await joined(server, {}, { random: () => random })
      const gaps = collected(session, 'gap')
      const since = server.clock.now()
      session.on('gap', () => moments.push(server.clock.now() - since))
      server.log = logTo(2)
      server.newest.say({ type: 'message', ...message(2) })
      await server.clock.pass(4500)
      expect(gaps).toEqual([{ after: 0, before: 2 }])
      expect(session.last).toBe(2)
    }
    expect(moments).toEqual([1500, 3000, 4497])
  })

  it('waits as long if the room became crowded after the join', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const gaps = collected(session, 'gap')
    for (let at = 1; at <= 75; at++) {
      const user = { user: `u${at}`, name: `U${at}`, isManager: false, isPresenter: false }
      server.newest.say({ type: 'participant', roomId, event: 'joined', user })
    }
    server.log = logTo(2)
    server.newest.say({ type: 'message', ...message(2) })
    await server.clock.pass(1500)
    expect(gaps).toEqual([])
    await server.clock.pass(3000)
    expect(gaps).toEqual([{ after: 0, before: 2 }])
  })

  it('is read again when the history is unavailable', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const heard = collected(session, 'message')
    server.log = logTo(2)
    server.script = ({ action }, socket) =>
      action === 'history' && socket.askedFor('history').length === 1
        ? refused('unavailable', { retryable: true, retryAfterMs: 700 })
        : undefined
    server.newest.say({ type: 'message', ...message(2) })
    await server.clock.pass(375 + 700)
    expect(seqs(heard)).toEqual([1, 2])
  })

  it('does not appear for batches in order, repeated messages and unknown pushes', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const [heard, removals] = [collected(session, 'message'), collected(session, 'removal')]
    const { newest } = server
    newest.say({ type: 'messages', roomId, messages: logTo(2) })
    newest.say({ type: 'messages', roomId, messages: [...logTo(2), message(3, { removes: [1] })] })
    newest.say({ type: 'confetti', roomId })
    newest.say({ id: 'of nobody', ok: true })
    expect(seqs(heard)).toEqual([1, 2])
    newest.say({
      type: 'message',
      roomId,
      seq: 4,
      sentAt: message(4).sentAt,
      removes: [],
      removesOf: 'bob',
      upTo: 3,
      by: 'root',
    })
    expect(removals).toMatchObject([
      { seq: 3, removes: [1] },
      { seq: 4, removesOf: 'bob', upTo: 3 },
    ])
    expect(seqs(heard)).toEqual([1, 2])
  })
})

describe('a resume', () => {
  it('continues after the last applied message', async () => {
    const server = new ScriptedServer()
    server.log = logTo(2)
    const session = await joined(server)
    const heard = collected(session, 'message')
    server.newest.close()
    server.log = logTo(4)
    await server.clock.pass(minute)
    expect(server.newest.askedFor('join')).toMatchObject([{ roomId, after: 2 }])
    expect(seqs(heard)).toEqual([3, 4])
  })

  it.each([
    [
      'resync_required',
      (server: ScriptedServer) => {
        server.script = ({ action, after }) => (action === 'join' && after ? refused('resync_required') : undefined)
      },
    ],
    [
      'epoch',
      (server: ScriptedServer) => {
        server.epoch = 'second'
      },
    ],
  ])('that cannot continue raises a reset (%s)', async (reason, happen) => {
    const server = new ScriptedServer()
    server.log = logTo(2)
    const session = await joined(server)
    const [heard, resets] = [collected(session, 'message'), collected(session, 'reset')]
    server.newest.close()
    happen(server)
    server.log = logTo(1)
    await server.clock.pass(minute)
    expect(resets).toMatchObject([{ reason, head: 1, messages: logTo(1) }])
    expect([session.state, session.last, seqs(heard)]).toEqual(['established', 1, []])
    server.newest.say({ type: 'message', ...message(2) })
    expect(seqs(heard)).toEqual([2])
  })

  it('is repeated when the room is unavailable, and ends the session when the user may not join', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    let answer = refused('unavailable', { retryable: true, retryAfterMs: 2000 })
    server.script = ({ action }) => (action === 'join' ? answer : undefined)
    server.newest.close()
    await server.clock.pass(1000)
    expect([session.state, session.live]).toEqual(['established', false])
    answer = refused('forbidden')
    const ended = next(session, 'state')
    await server.clock.pass(2000)
    expect(await ended).toMatchObject({ state: 'terminated', reason: { code: 'forbidden' } })
    expect(await errorOf(session.send('Anyone?'))).toMatchObject({ state: 'terminated' })
  })
})

describe('a session', () => {
  it('raises a change of the room once, with the old and the new values', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const edits = collected(session, 'room')
    const changed = { name: { old: 'Lobby', new: 'Foyer' } }
    for (const _ of [1, 2]) server.newest.say({ type: 'room', roomId, version: 2, changed })
    expect(edits).toMatchObject([{ room: { name: 'Foyer', version: 2 }, changed }])
    expect(session.room).toMatchObject({ name: 'Foyer', version: 2 })
  })

  it('raises the rights of its user when they change', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const rights = collected(session, 'rights')
    const you = { roles: ['member', 'manager'], canChat: true, canManage: true }
    const room = session.room
    server.script = ({ action }) =>
      action === 'join'
        ? { room, you, participants: [], messages: [], head: 0, floor: 1, epoch: 'first', complete: true }
        : undefined
    const user = { user: 'alice', name: 'Alice', isManager: true, isPresenter: false }
    server.newest.say({ type: 'participant', roomId, event: 'changed', user })
    await settled()
    expect(rights).toEqual([you])
    expect(session.canManage).toBe(true)
  })
})

describe('a formatted message', () => {
  it('has a plain text with the content of its parts', () => {
    const built = new FormattedMessage({ alert: true })
      .appendText('Like ')
      .appendEmoticon('wink')
      .appendLink(' docs ', 'https://example.com')
      .appendRoomLink({ roomId, name: 'Lobby' })
      .toMessage()
    expect(built).toMatchObject({ text: 'Like ;) docs Lobby', alert: true })
    expect(built.parts?.map(({ type }) => type)).toEqual(['text', 'emoticon', 'link', 'roomLink'])
    expect(() => new FormattedMessage().toMessage()).toThrow(TypeError)
    expect(() => new FormattedMessage().appendText('')).toThrow(TypeError)
  })
})
