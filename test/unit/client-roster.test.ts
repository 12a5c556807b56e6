import { Roster } from '../../client/roster.ts'
import {
  applyEvent,
  applyList,
  emptyRoster,
  type Participant,
  type ParticipantEvent,
} from '../../client/roster-state.ts'
import { sequenceFrom, take } from '../../client/sequence.ts'
import { message } from '../client/scripted-server.ts'

const person = (user: string, more: Partial<Participant> = {}): Participant => ({
  user,
  name: user,
  isManager: false,
  isPresenter: false,
  ...more,
})
const [ana, ben, cem] = ['ana', 'ben', 'cem'].map((user) => person(user)) as [Participant, Participant, Participant]
const joined = (user: Participant): ParticipantEvent => ({ event: 'joined', user })
const left = (user: Participant): ParticipantEvent => ({ event: 'left', user })
const changed = (user: Participant): ParticipantEvent => ({ event: 'changed', user })
const of = (...participants: Participant[]) => applyList(emptyRoster, { participants }).state

describe('a participant event', () => {
  it('has no effect for an absent participant or without a change', () => {
    for (const event of [left(cem), changed(cem), joined(ana), changed(ana)]) {
      const state = of(ana)
      expect(applyEvent(state, event)).toEqual({ state, changes: [], stale: false })
    }
  })

  it.each<[string, Partial<Participant>]>([
    ['name', { name: 'Ana' }],
    ['management', { isManager: true }],
    ['presenting', { isPresenter: true }],
  ])('with another %s is a change, even if it is a second join', (_, more) => {
    const other = person('ana', more)
    for (const event of [changed(other), joined(other)]) {
      const { state, changes, stale } = applyEvent(of(ana), event)
      expect([changes, stale, state.participants?.get('ana'), state.count]).toEqual([[changed(other)], false, other, 1])
    }
    expect(applyList(of(ana), { participants: [other] }).changes).toEqual([changed(other)])
  })

  it('does not change earlier states', () => {
    const before = of(ana)
    expect(applyEvent(before, left(ana)).state.count).toBe(0)
    expect(before.participants?.size).toBe(1)
  })

  it.each([
    [74, false],
    [75, true],
  ])('in a room of %i participants requires a new list: %p', (count, stale) => {
    const many = Array.from({ length: count }, (_, at) => person(`p${at}`))
    expect(applyEvent(of(...many), joined(ana)).stale).toBe(stale)
  })

  it('of a large room requires a new list, also if it came before the list', () => {
    const many = Array.from({ length: 75 }, (_, at) => person(`p${at}`))
    const waiting = [left(many[0] as Participant), left(many[1] as Participant)].reduce(
      (state, event) => applyEvent(state, event).state,
      emptyRoster,
    )
    expect(applyList(waiting, { participants: many }).stale).toBe(true)
  })

  it('that waits for the first list requires no other', () => {
    expect(applyEvent(emptyRoster, joined(ana)).stale).toBe(false)
  })

  it('waits for the first list and is applied after it', () => {
    const early = [joined(ben), left(cem), changed(person('ana', { isManager: true }))].reduce(
      (state, event) => applyEvent(state, event).state,
      emptyRoster,
    )
    expect(early.waiting).toHaveLength(3)
    const { state, changes, stale } = applyList(early, { participants: [ana, cem] })
    expect(changes.map(({ event, user }) => `${event} ${user.user}`)).toEqual(['joined ben', 'left cem', 'changed ana'])
    expect([state.count, state.waiting, stale]).toEqual([2, undefined, false])
  })

  it('is not needed in a crowded room, which has only a count', () => {
    expect(applyList(of(ana), { participantCount: 90 })).toEqual({
      state: { participants: undefined, count: 90, waiting: undefined },
      changes: [],
      stale: false,
    })
    expect(applyList(of(ana), {}).state.count).toBe(0)
  })
})

describe('a roster', () => {
  function rosterWith(ask: () => Promise<Participant[]>) {
    const changes: string[] = []
    return { changes, roster: new Roster(({ event, user }) => changes.push(`${event} ${user.user}`), ask) }
  }
  const never = () => Promise.reject(new Error('There must be no request.'))

  it('is a list that reports its changes', () => {
    const { changes, roster } = rosterWith(never)
    expect([roster.participants, roster.count, roster.isCrowded]).toEqual([undefined, 0, true])
    roster.replace({ participants: [ana] })
    roster.apply(joined(ben))
    roster.apply(left(ana))
    expect(changes).toEqual(['joined ben', 'left ana'])
    expect([roster.participants, roster.count, roster.isCrowded]).toEqual([[ben], 1, false])
  })

  it.each([
    [74, false],
    [75, true],
    [76, true],
  ])('of %i participants is crowded: %p', (count, crowded) => {
    const { roster } = rosterWith(never)
    roster.replace({ participants: Array.from({ length: count }, (_, at) => person(`p${at}`)) })
    expect(roster.isCrowded).toBe(crowded)
  })

  it('requests the list if events are not enough, one request at a time', async () => {
    const replies: ((list: Participant[]) => void)[] = []
    const { changes, roster } = rosterWith(() => new Promise((resolve) => replies.push(resolve)))
    roster.replace({ participantCount: 90 })
    roster.apply(joined(ana))
    roster.apply(joined(ben))
    expect(replies).toHaveLength(1)
    replies[0]?.([ana, ben])
    await new Promise(setImmediate)
    expect(roster.participants).toEqual([ana, ben])
    roster.replace({ participantCount: 90 })
    roster.apply(joined(cem))
    expect(replies).toHaveLength(2)
    expect(changes).toEqual([])
  })

  it('does not change if the request fails, and requests again on the next event', async () => {
    let requests = 0
    const { roster } = rosterWith(async () => {
      requests++
      throw new Error('lost')
    })
    roster.replace({ participantCount: 90 })
    roster.apply(joined(ana))
    await new Promise(setImmediate)
    roster.apply(joined(ben))
    await new Promise(setImmediate)
    expect([requests, roster.count, roster.participants]).toEqual([2, 90, undefined])
  })
})

describe('a sequence', () => {
  const seqs = (step: ReturnType<typeof take>) => step.applied.map(({ seq }) => seq)

  it('drops duplicates of applied and of waiting messages', () => {
    const step = take(sequenceFrom(5), [message(5), message(4), message(8), message(8), message(6)])
    expect([seqs(step), step.dropped, step.sequence.last, [...step.sequence.ahead.keys()]]).toEqual([[6], 3, 6, [8]])
  })

  it('does not change its earlier states', () => {
    const before = take(sequenceFrom(0), [message(2)]).sequence
    take(before, [message(1)])
    expect([before.last, before.ahead.size]).toEqual([0, 1])
  })

  it('holds at most 500 messages ahead of their turn', () => {
    const ahead = (count: number) => Array.from({ length: count }, (_, at) => message(at + 2))
    expect(take(sequenceFrom(0), ahead(500)).sequence.ahead.size).toBe(500)
    expect(take(sequenceFrom(0), ahead(501)).sequence.ahead.size).toBe(500)
  })
})
