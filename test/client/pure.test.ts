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

  it('is anything from nothing to a bound that doubles up to a minute', () => {
    expect([0, 1, 5, 50].map((failures) => backoffMs(failures, least))).toEqual([0, 0, 0, 0])
    expect([0, 1, 2, 5, 6, 7, 50].map((failures) => Math.round(backoffMs(failures, most) / 1000))).toEqual([
      1, 2, 4, 32, 60, 60, 60,
    ])
  })

  it('to a fresh connection is 90 to 115 minutes, and to a sign of life 4 to 5, give or take a fifth', () => {
    expect([rotationMs(least), rotationMs(most)].map((ms) => Math.round(ms / 60_000))).toEqual([90, 115])
    expect([heartbeatMs(least), heartbeatMs(most)].map((ms) => Math.round(ms / 1000))).toEqual([192, 360])
  })
})

describe('the move to a fresh connection', () => {
  const random = () => 0.5
  const minute = 60_000

  it('comes while a fifth or so of the life of the token is left', () => {
    expect([0, 1].map((draw) => rotationMs(() => draw, 60 * minute) / minute)).toEqual([45, 57])
  })

  it('comes at its usual age where the token lasts for longer', () => {
    expect(rotationMs(random, 24 * 60 * minute)).toBe(rotationMs(random))
  })

  it('comes in a minute where the token is as good as over, or has ended by this clock', () => {
    expect([minute + 1, minute - 1, 0, -60 * minute].map((left) => rotationMs(random, left))).toEqual(
      Array.from({ length: 4 }, () => minute),
    )
  })

  it('goes by the claims of a token, and by nothing where it has none', () => {
    const claims = (value: unknown) => `e30.${Buffer.from(JSON.stringify(value)).toString('base64url')}.signature`
    expect(tokenEnd(claims({ exp: 1_800_000_000, name: 'Zoë ?>~ 猫' }))).toBe(1_800_000_000_000)
    for (const token of ['', 'opaque', 'a.b.c', claims({}), claims({ exp: 'soon' }), claims(null)]) {
      expect(tokenEnd(token)).toBeUndefined()
    }
  })
})

describe('a sequence', () => {
  it('applies the next, drops the known and holds what is ahead', () => {
    const first = take(sequenceFrom(1), [message(1), message(2), message(4), message(4)])
    expect(first.applied.map(({ seq }) => seq)).toEqual([2])
    expect(first.dropped).toBe(2)
    expect(gapIn(first.sequence)).toEqual({ after: 2, before: 4 })
    const second = take(first.sequence, [message(3)])
    expect(second.applied.map(({ seq }) => seq)).toEqual([3, 4])
    expect(gapIn(second.sequence)).toBeUndefined()
  })

  it('ends with everything, once and in order, in whatever order and however often it comes', () => {
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

  it('holds no more than so much ahead of its turn', () => {
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

  it('keeps the order, and a draft that is put in again stays where it is', () => {
    const outbox = ['a', 'b', 'a'].map(draft).reduce(enqueue, [])
    expect(outbox.map(({ clientMessageId }) => clientMessageId)).toEqual(['a', 'b'])
    expect(remove(outbox, draft('a'))).toEqual([draft('b')])
  })

  it('fixes after at the first try and never moves it at another', () => {
    const first = startTry(draft('a'), 7)
    expect(first).toMatchObject({ after: 7, undecided: true })
    expect(startTry(first, 12).after).toBe(7)
    expect(replace([draft('a'), draft('b')], first)).toEqual([first, draft('b')])
  })

  it('reads back what was written, and nothing out of what was not', () => {
    const outbox = [startTry(draft('a'), 7), draft('b')]
    expect(parse(serialize(outbox))).toEqual(outbox)
    for (const text of [null, undefined, '', '{', 'null', '{}', '[1,null,{}]']) expect(parse(text)).toEqual([])
  })

  it('knows what a refusal means', () => {
    expect(nextStep({ code: 'unavailable', retryable: true })).toBe('retry')
    expect(nextStep({ code: 'not_joined', retryable: false })).toBe('rejoin')
    expect(nextStep({ code: 'resync_required', retryable: false })).toBe('search')
    expect(nextStep({ code: 'forbidden', retryable: false })).toBe('refused')
    expect(new ChatError({ code: 'of_tomorrow', message: '', retryable: true }).code).toBe('internal')
  })

  it('takes another author’s message with the same id for another message', () => {
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

  it('lets what is told before the list wait for it', () => {
    const early = applyEvent(emptyRoster, news('left', bob))
    expect(early.changes).toEqual([])
    const { state, changes } = applyList(early.state, { participants: [alice, bob] })
    expect([...(state.participants ?? [])].map(([user]) => user)).toEqual(['alice'])
    expect(changes).toEqual([news('left', bob)])
  })

  it('tells news once, and of a new list only what differs', () => {
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

  it('knows only the number in a crowded room, and asks for the list when the room tells again', () => {
    const { state } = applyList(emptyRoster, { participantCount: 80 })
    expect(state).toMatchObject({ participants: undefined, count: 80 })
    expect(applyEvent(state, news('left', bob))).toMatchObject({ changes: [], stale: true })
    const many = Array.from({ length: 75 }, (_, at) => person(`p${at}`))
    const full = applyList(emptyRoster, { participants: many }).state
    expect(applyEvent(full, news('left', person('p1'))).stale).toBe(true)
  })
})

describe('a target', () => {
  it('is a URI, a name or a reference', () => {
    expect(referenceTo('chat://here/lobby')).toEqual({ roomUri: 'chat://here/lobby' })
    expect(referenceTo('Lobby')).toEqual({ roomName: 'Lobby' })
    expect(referenceTo({ roomName: 'Lobby' })).toEqual({ roomName: 'Lobby' })
    expect([idIn({ roomUri: 'chat://here/lobby' }), idIn({ roomName: 'Lobby' })]).toEqual(['lobby', undefined])
  })
})
