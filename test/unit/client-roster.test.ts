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

describe('news of who is there', () => {
  it('is nothing of somebody who is not, or is so already', () => {
    for (const news of [left(cem), changed(cem), joined(ana), changed(ana)]) {
      const state = of(ana)
      expect(applyEvent(state, news)).toEqual({ state, changes: [], stale: false })
    }
  })

  it.each<[string, Partial<Participant>]>([
    ['name', { name: 'Ana' }],
    ['management', { isManager: true }],
    ['presenting', { isPresenter: true }],
  ])('of another %s is a change, as is a second joining with it', (_, more) => {
    const other = person('ana', more)
    for (const news of [changed(other), joined(other)]) {
      const { state, changes, stale } = applyEvent(of(ana), news)
      expect([changes, stale, state.participants?.get('ana'), state.count]).toEqual([[changed(other)], false, other, 1])
    }
    expect(applyList(of(ana), { participants: [other] }).changes).toEqual([changed(other)])
  })

  it('changes nothing that was given out before', () => {
    const before = of(ana)
    expect(applyEvent(before, left(ana)).state.count).toBe(0)
    expect(before.participants?.size).toBe(1)
  })

  it.each([
    [74, false],
    [75, true],
  ])('in a room of %i leaves a list to be asked for: %p', (count, stale) => {
    const many = Array.from({ length: count }, (_, at) => person(`p${at}`))
    expect(applyEvent(of(...many), joined(ana)).stale).toBe(stale)
  })

  it('waits for the first list, and is told behind it', () => {
    const early = [joined(ben), left(cem), changed(person('ana', { isManager: true }))].reduce(
      (state, news) => applyEvent(state, news).state,
      emptyRoster,
    )
    expect(early.waiting).toHaveLength(3)
    const { state, changes, stale } = applyList(early, { participants: [ana, cem] })
    expect(changes.map(({ event, user }) => `${event} ${user.user}`)).toEqual(['joined ben', 'left cem', 'changed ana'])
    expect([state.count, state.waiting, stale]).toEqual([2, undefined, false])
  })

  it('of a crowd is its number, or none', () => {
    expect(applyList(of(ana), { participantCount: 90 })).toEqual({
      state: { participants: undefined, count: 90, waiting: undefined },
      changes: [],
      stale: false,
    })
    expect(applyList(of(ana), {}).state.count).toBe(0)
  })
})

describe('a roster', () => {
  function roster(ask: () => Promise<Participant[]>) {
    const told: string[] = []
    return { told, own: new Roster(({ event, user }) => told.push(`${event} ${user.user}`), ask) }
  }
  const never = () => Promise.reject(new Error('Nobody asks.'))

  it('is a list, told of what changes in it', () => {
    const { told, own } = roster(never)
    expect([own.participants, own.count, own.isCrowded]).toEqual([undefined, 0, true])
    own.replace({ participants: [ana] })
    own.apply(joined(ben))
    own.apply(left(ana))
    expect(told).toEqual(['joined ben', 'left ana'])
    expect([own.participants, own.count, own.isCrowded]).toEqual([[ben], 1, false])
  })

  it.each([
    [74, false],
    [75, true],
    [76, true],
  ])('of %i is crowded: %p', (count, crowded) => {
    const { own } = roster(never)
    own.replace({ participants: Array.from({ length: count }, (_, at) => person(`p${at}`)) })
    expect(own.isCrowded).toBe(crowded)
  })

  it('asks for the list once at a time, when news alone does not tell it', async () => {
    const answers: ((list: Participant[]) => void)[] = []
    const { told, own } = roster(() => new Promise((resolve) => answers.push(resolve)))
    own.replace({ participantCount: 90 })
    own.apply(joined(ana))
    own.apply(joined(ben))
    expect(answers).toHaveLength(1)
    answers[0]?.([ana, ben])
    await new Promise(setImmediate)
    expect(own.participants).toEqual([ana, ben])
    own.replace({ participantCount: 90 })
    own.apply(joined(cem))
    expect(answers).toHaveLength(2)
    expect(told).toEqual([])
  })

  it('stays as it is where no answer comes, until the next news', async () => {
    let asked = 0
    const { own } = roster(async () => {
      asked++
      throw new Error('lost')
    })
    own.replace({ participantCount: 90 })
    own.apply(joined(ana))
    await new Promise(setImmediate)
    own.apply(joined(ben))
    await new Promise(setImmediate)
    expect([asked, own.count, own.participants]).toEqual([2, 90, undefined])
  })
})

describe('a sequence', () => {
  const seqs = (step: ReturnType<typeof take>) => step.applied.map(({ seq }) => seq)

  it('drops what it holds already, behind and ahead', () => {
    const step = take(sequenceFrom(5), [message(5), message(4), message(8), message(8), message(6)])
    expect([seqs(step), step.dropped, step.sequence.last, [...step.sequence.ahead.keys()]]).toEqual([[6], 3, 6, [8]])
  })

  it('does not change what it was made of', () => {
    const before = take(sequenceFrom(0), [message(2)]).sequence
    take(before, [message(1)])
    expect([before.last, before.ahead.size]).toEqual([0, 1])
  })

  it('holds 500 ahead of their turn, and no more', () => {
    const ahead = (count: number) => Array.from({ length: count }, (_, at) => message(at + 2))
    expect(take(sequenceFrom(0), ahead(500)).sequence.ahead.size).toBe(500)
    expect(take(sequenceFrom(0), ahead(501)).sequence.ahead.size).toBe(500)
  })
})
