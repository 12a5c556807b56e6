import fc from 'fast-check'
import { backoffMs, heartbeatMs, rotationMs } from '../../client/delays.ts'
import { ChatError } from '../../client/errors.ts'
import { enqueue, isOwn, nextStep, parse, remove, replace, serialize, startTry } from '../../client/outbox.ts'
import { idIn, referenceTo } from '../../client/room-reference.ts'
import {
  applyEvent,
  applyList,
  emptyRoster,
  type Participant,
  type ParticipantEvent,
} from '../../client/roster-state.ts'
import { gapIn, sequenceFrom, take } from '../../client/sequence.ts'
import { tokenEnd } from '../../client/token.ts'
import { message } from './scripted-server.ts'

describe('the wait before the next attempt', () => {
  const least = () => 0
  const most = () => 1 - Number.EPSILON

  it('is random between zero and a bound that doubles up to a minute', () => {
    expect([0, 1, 5, 50].map((failures) => backoffMs(failures, least))).toEqual([0, 0, 0, 0])
    expect([0, 1, 2, 5, 6, 7, 50].map((failures) => Math.round(backoffMs(failures, most) / 1000))).toEqual([
      1, 2, 4, 32, 60, 60, 60,
    ])
  })

  it('is 90 to 115 minutes for a new connection and 3 to 6 minutes for a heartbeat', () => {
    expect([rotationMs(least), rotationMs(most)].map((ms) => Math.round(ms / 60_000))).toEqual([90, 115])
    expect([heartbeatMs(least), heartbeatMs(most)].map((ms) => Math.round(ms / 1000))).toEqual([192, 360])
  })
})

describe('the move to a new connection', () => {
  const random = () => 0.5
  const minute = 60_000

  it('happens when 5 to 25 % of the token’s lifetime are left', () => {
    expect([0, 1].map((draw) => rotationMs(() => draw, 60 * minute) / minute)).toEqual([45, 57])
  })

  it('happens at the usual age if the token is valid for longer', () => {
    expect(rotationMs(random, 24 * 60 * minute)).toBe(rotationMs(random))
  })

  it('happens after a minute if the token has almost expired or has expired by this clock', () => {
    expect([minute + 1, minute - 1, 0, -60 * minute].map((left) => rotationMs(random, left))).toEqual(
      Array.from({ length: 4 }, () => minute),
    )
  })

  it('uses the expiry in the token, if it has one', () => {
    const claims = (value: unknown) => `e30.${Buffer.from(JSON.stringify(value)).toString('base64url')}.signature`
    expect(tokenEnd(claims({ exp: 1_800_000_000, name: 'Zoë ?>~ 猫' }))).toBe(1_800_000_000_000)
    for (const token of ['', 'opaque', 'a.b.c', claims({}), claims({ exp: 'soon' }), claims(null)]) {
      expect(tokenEnd(token)).toBeUndefined()
    }
  })
})

describe('a sequence', () => {
  it('applies the next entry, drops known ones and keeps later ones', () => {
    const first = take(sequenceFrom(1), [message(1), message(2), message(4), message(4)])
    expect(first.applied.map(({ seq }) => seq)).toEqual([2])
    expect(first.dropped).toBe(2)
    expect(gapIn(first.sequence)).toEqual({ after: 2, before: 4 })
    const second = take(first.sequence, [message(3)])
    expect(second.applied.map(({ seq }) => seq)).toEqual([3, 4])
    expect(gapIn(second.sequence)).toBeUndefined()
  })

  it('applies every entry once and in order, however often and in any order they arrive', () => {
    const deliveries = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 })
    fc.assert(
      fc.property(deliveries, (seqs) => {
        const all = [...seqs, ...Array.from({ length: 20 }, (_, at) => at + 1)]
        let sequence = sequenceFrom(0)
        const applied: number[] = []
        let dropped = 0
        for (const seq of all) {
          const step = take(sequence, [message(seq)])
          sequence = step.sequence
          dropped += step.dropped
          applied.push(...step.applied.map((one) => one.seq))
        }
        expect(applied).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
        expect(dropped).toBe(all.length - 20)
        expect(sequence.ahead.size).toBe(0)
      }),
    )
  })

  it('keeps at most 500 later entries', () => {
    const step = take(
      sequenceFrom(0),
      Array.from({ length: 2000 }, (_, at) => message(at + 2)),
    )
    expect(step.sequence.ahead.size).toBe(500)
    expect(take(step.sequence, [message(1)]).sequence.last).toBe(501)
  })
})

describe('an outbox', () => {
  const draft = (clientMessageId: string) => ({ clientMessageId, body: { text: clientMessageId } })

  it('keeps the order, also of a message that is added again', () => {
    const outbox = ['a', 'b', 'a'].map(draft).reduce(enqueue, [])
    expect(outbox.map(({ clientMessageId }) => clientMessageId)).toEqual(['a', 'b'])
    expect(remove(outbox, draft('a'))).toEqual([draft('b')])
  })

  it('sets after at the first attempt and keeps it for later ones', () => {
    const first = startTry(draft('a'), 7)
    expect(first).toMatchObject({ after: 7, undecided: true })
    expect(startTry(first, 12).after).toBe(7)
    expect(replace([draft('a'), draft('b')], first)).toEqual([first, draft('b')])
  })

  it('reads its own serialization and ignores invalid text', () => {
    const outbox = [startTry(draft('a'), 7), draft('b')]
    expect(parse(serialize(outbox))).toEqual(outbox)
    for (const text of [null, undefined, '', '{', 'null', '{}', '[1,null,{}]']) expect(parse(text)).toEqual([])
  })

  it('finds the next step for each error code', () => {
    expect(nextStep({ code: 'unavailable', retryable: true })).toBe('retry')
    expect(nextStep({ code: 'not_joined', retryable: false })).toBe('rejoin')
    expect(nextStep({ code: 'resync_required', retryable: false })).toBe('search')
    expect(nextStep({ code: 'forbidden', retryable: false })).toBe('refused')
    expect(new ChatError({ code: 'of_tomorrow', message: '', retryable: true }).code).toBe('internal')
  })

  it('does not confuse the message of another author with the same id', () => {
    const one = message(1, { clientMessageId: 'a' })
    expect([isOwn(one, draft('a'), 'bob'), isOwn(one, draft('a'), 'alice')]).toEqual([true, false])
  })
})

describe('the state of a roster', () => {
  const person = (user: string, isPresenter = false): Participant => ({
    user,
    name: user,
    isManager: false,
    isPresenter,
  })
  const news = (event: ParticipantEvent['event'], user: Participant): ParticipantEvent => ({ event, user })
  const alice = person('alice')
  const bob = person('bob')

  it('keeps events from before the list until the list arrives', () => {
    const early = applyEvent(emptyRoster, news('left', bob))
    expect(early.changes).toEqual([])
    const { state, changes } = applyList(early.state, { participants: [alice, bob] })
    expect([...(state.participants ?? [])].map(([user]) => user)).toEqual(['alice'])
    expect(changes).toEqual([news('left', bob)])
  })

  it('reports each event once, and only the differences of a new list', () => {
    const { state } = applyList(emptyRoster, { participants: [alice] })
    const came = applyEvent(state, news('joined', bob))
    expect(came).toMatchObject({ changes: [news('joined', bob)], stale: false, state: { count: 2 } })
    expect(applyEvent(came.state, news('joined', bob)).changes).toEqual([])
    expect(applyEvent(came.state, news('left', person('carol'))).changes).toEqual([])
    const changed = person('bob', true)
    expect(applyList(came.state, { participants: [changed] }).changes).toEqual([
      news('left', alice),
      news('changed', changed),
    ])
  })

  it('contains only the number in a crowded room, and becomes stale at the next event', () => {
    const { state } = applyList(emptyRoster, { participantCount: 80 })
    expect(state).toMatchObject({ participants: undefined, count: 80 })
    expect(applyEvent(state, news('left', bob))).toMatchObject({ changes: [], stale: true })
    const many = Array.from({ length: 75 }, (_, at) => person(`p${at}`))
    const full = applyList(emptyRoster, { participants: many }).state
    expect(applyEvent(full, news('left', person('p1'))).stale).toBe(true)
  })
})

describe('the target of a join', () => {
  it('is a URI, a name or a reference', () => {
    expect(referenceTo('chat://here/lobby')).toEqual({ roomUri: 'chat://here/lobby' })
    expect(referenceTo('Lobby')).toEqual({ roomName: 'Lobby' })
    expect(referenceTo({ roomName: 'Lobby' })).toEqual({ roomName: 'Lobby' })
    expect([idIn({ roomUri: 'chat://here/lobby' }), idIn({ roomName: 'Lobby' })]).toEqual(['lobby', undefined])
  })
})
