import { builtInCategory, keepsHistory } from '../../lambdas/domain/access/categories.ts'
import { append, type Draft } from '../../lambdas/domain/log/append.ts'
import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { emptyPage, placeholder, unlogged, withBody } from '../../lambdas/domain/log/placeholder.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'
import { refusal } from '../support/refusals.ts'

const body = { text: 'x' }
const from = { user: 'ana', name: 'Ana' }
const whole: Entry = {
  seq: 1,
  sentAt: 7,
  from,
  clientMessageId: 'm',
  digest: 'digest of x',
  body,
  spent: { room: 1, authors: {} },
  broadcast: 'c',
}

let log: MemoryLog
beforeEach(() => {
  log = new MemoryLog()
  log.open('r', 0)
})

it('a room keeps its history unless its category turns history off', () => {
  expect(keepsHistory(undefined)).toBe(true)
  expect(keepsHistory(builtInCategory)).toBe(true)
  expect(keepsHistory({ ...builtInCategory, history: false })).toBe(false)
})

describe('a placeholder', () => {
  it('keeps the position and the id of a message, 18 bits of its digest, and nothing else', () => {
    expect(placeholder(whole)).toEqual({
      seq: 1,
      sentAt: 7,
      from: { user: 'ana', name: 'ana' },
      clientMessageId: 'm',
      digest: 'dig',
      removed: { by: unlogged, at: 7 },
      spent: { room: 1, authors: {} },
    })
    expect(placeholder({ seq: 2, sentAt: 8 })).toEqual({ seq: 2, sentAt: 8, removed: { by: unlogged, at: 8 } })
    expect(unlogged).toBe('unlogged')
  })

  it('gets the body of a retry, but other entries do not', () => {
    expect(withBody(placeholder(whole), from, body)).toEqual({ ...whole, digest: undefined, broadcast: undefined })
    const removed = { ...whole, removed: { by: 'root', at: 9 } }
    expect(withBody(removed, from, { text: 'other' })).toBe(removed)
    expect(withBody(whole, from, { text: 'other' })).toBe(whole)
  })
})

describe('an append', () => {
  const clock = new FakeClock(7)
  const draft = { author: from, body, clientMessageId: 'm', after: 0 }
  const admit = async () => undefined
  const keep = (more: Partial<Draft> = {}) => append(log, clock, 'r', { ...draft, ...more }, { admit })
  const keepNothing = (more: Partial<Draft> = {}) =>
    append(log, clock, 'r', { ...draft, ...more }, { admit, toEntry: placeholder })
  const numbered = { seq: 1, sentAt: 7, from, clientMessageId: 'm', digest: new MemoryLog().digest(body), body }

  it('stores the whole entry unless a rule changes it', async () => {
    expect(await keep()).toMatchObject({ entry: numbered, duplicate: false })
    expect(await log.read('r', 1, 1)).toEqual([numbered])
  })

  it('stores the changed entry and returns it', async () => {
    const toEntry = (entry: Entry, broadcast: string) => ({ ...entry, broadcast })
    const marked = { ...numbered, broadcast: 'c' }
    const result = await append(log, clock, 'r', draft, { admit: async () => 'c', toEntry })
    expect(result).toEqual({ entry: marked, duplicate: false, admission: 'c' })
    expect(await log.read('r', 1, 1)).toEqual([marked])
  })

  it('stores a placeholder and returns it', async () => {
    expect(await keepNothing()).toMatchObject({ entry: placeholder(numbered), duplicate: false })
    expect(await log.read('r', 1, 1)).toEqual([placeholder(numbered)])
  })

  it('recognises a retry by a placeholder, in the first read and at a put', async () => {
    await log.put('r', placeholder(numbered))
    expect(await keepNothing()).toMatchObject({ entry: placeholder(numbered), duplicate: true })
    jest.spyOn(log, 'read').mockResolvedValueOnce([{ seq: 0, sentAt: 0 }])
    expect(await keep()).toMatchObject({ entry: placeholder(numbered), duplicate: true })
    expect(await refusal(keepNothing({ author: { user: 'ben', name: 'Ben' }, ifHead: 0 }))).toMatchObject({
      code: 'conflict',
    })
  })

  it('refuses a retry with another text than that of the placeholder', async () => {
    await log.put('r', placeholder(numbered))
    expect((await refusal(keepNothing({ body: { text: 'other' } }))).code).toBe('id_reused')
  })

  it('accepts any text for a placeholder without a digest, which an earlier version stored', async () => {
    const { digest: _, ...earlier } = placeholder(numbered)
    await log.put('r', earlier)
    expect(await keepNothing({ body: { text: 'other' } })).toMatchObject({ entry: earlier, duplicate: true })
  })

  it('compares the digest of a removed message', async () => {
    await log.put('r', { ...numbered, removed: { by: 'root', at: 9 } })
    expect(await keep()).toMatchObject({ duplicate: true })
    expect((await refusal(keep({ body: { text: 'other' } }))).code).toBe('id_reused')
  })

  it('compares the whole digest of an entry that looks like a placeholder and has one', async () => {
    await log.put('r', { ...placeholder(numbered), digest: 'of another text' })
    expect((await refusal(keep())).code).toBe('id_reused')
  })
})

describe('a reader of a room without history', () => {
  it('gets an empty page with the head', async () => {
    expect(await emptyPage(log, 'none')).toEqual({ entries: [], head: 0, floor: 1, complete: true })
    await log.put('r', placeholder(whole))
    const nothing = { entries: [], head: 1, floor: 2, complete: true }
    expect(await emptyPage(log, 'r')).toEqual(nothing)
    expect(await emptyPage(log, 'r', 1)).toEqual(nothing)
  })

  it.each([0, 2])('cannot continue from a position other than the head: %i', async (after) => {
    await log.put('r', placeholder(whole))
    const { code, details } = await refusal(emptyPage(log, 'r', after))
    expect({ code, details }).toEqual({ code: 'resync_required', details: { head: 1, floor: 2 } })
  })
})
