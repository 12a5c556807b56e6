import { builtInCategory, keepsHistory } from '../../lambdas/domain/access/categories.ts'
import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { emptyPage, placeholder, SpokenLog, unlogged, withBody } from '../../lambdas/domain/log/placeholder.ts'
import { MemoryMessages } from '../support/memory/messages.ts'
import { refusal } from '../support/refusals.ts'

const body = { text: 'x' }
const from = { user: 'ana', name: 'Ana' }
const whole: Entry = {
  seq: 1,
  sentAt: 7,
  from,
  clientMessageId: 'm',
  digest: 'd',
  body,
  spent: { room: 1, authors: {} },
  broadcast: 'c',
}

let log: MemoryMessages
beforeEach(() => {
  log = new MemoryMessages()
  log.open('r', 0)
})

it('a room keeps what is said unless its category says otherwise', () => {
  expect(keepsHistory(undefined)).toBe(true)
  expect(keepsHistory(builtInCategory)).toBe(true)
  expect(keepsHistory({ ...builtInCategory, history: false })).toBe(false)
})

describe('a husk', () => {
  it('holds the place and knows a retry, and tells nothing else', () => {
    expect(placeholder(whole)).toEqual({
      seq: 1,
      sentAt: 7,
      from: { user: 'ana', name: 'ana' },
      clientMessageId: 'm',
      removed: { by: unlogged, at: 7 },
      spent: { room: 1, authors: {} },
    })
    expect(placeholder({ seq: 2, sentAt: 8 })).toEqual({ seq: 2, sentAt: 8, removed: { by: unlogged, at: 8 } })
    expect(unlogged).toBe('unlogged')
  })

  it('comes to life with the words of a retry, and nothing else does', () => {
    expect(withBody(placeholder(whole), from, body)).toEqual({ ...whole, digest: undefined, broadcast: undefined })
    const removed = { ...whole, removed: { by: 'root', at: 9 } }
    expect(withBody(removed, from, { text: 'other' })).toBe(removed)
    expect(withBody(whole, from, { text: 'other' })).toBe(whole)
  })
})

describe('the log as a message meets it', () => {
  const digest = () => log.digest(body)

  it('stores the whole message where it is kept', async () => {
    const spoken = new SpokenLog(log, body, { logged: true })
    const { broadcast: _, ...entry } = whole
    expect(await spoken.put('r', entry)).toBe('stored')
    expect(await log.read('r', 1, 1)).toEqual([entry])
    expect([await spoken.head('r'), await spoken.read('r', 1, 9)]).toEqual([entry, [entry]])
    expect(await spoken.floor('r')).toBe(1)
  })

  it('marks for the stream what the stream is to hand on', async () => {
    const { broadcast: _, ...entry } = whole
    await new SpokenLog(log, body, { logged: true, broadcast: 'c' }).put('r', entry)
    expect(await log.read('r', 1, 1)).toEqual([whole])
  })

  it('stores a husk where nothing is kept, even of what the stream would hand on', async () => {
    expect(await new SpokenLog(log, body, { logged: false, broadcast: 'c' }).put('r', whole)).toBe('stored')
    expect(await log.read('r', 1, 1)).toEqual([placeholder(whole)])
  })

  it('takes whoever names a husk for its author', async () => {
    await log.put('r', placeholder(whole))
    const spoken = new SpokenLog(log, body, { logged: false })
    expect(spoken.digest()).toBe(digest())
    expect(await spoken.head('r')).toEqual({ ...placeholder(whole), digest: digest() })
    expect(await spoken.read('r', 1, 1)).toEqual([{ ...placeholder(whole), digest: digest() }])
    expect(await spoken.put('r', whole)).toEqual({ ...placeholder(whole), digest: digest() })
    expect(await spoken.head('none')).toBeUndefined()
  })

  it('takes a message that somebody removed for what it was', async () => {
    const { body: _, ...rest } = whole
    const removed = { ...rest, removed: { by: 'root', at: 9 } }
    await log.put('r', removed)
    expect(await new SpokenLog(log, body, { logged: true }).head('r')).toEqual(removed)
    await log.put('s', { ...placeholder(whole), digest: 'kept' })
    expect(await new SpokenLog(log, body, { logged: true }).head('s')).toMatchObject({ digest: 'kept' })
  })
})

describe('a reader of a room that keeps nothing', () => {
  it('is told where its log is, and no more', async () => {
    expect(await emptyPage(log, 'none')).toEqual({ entries: [], head: 0, floor: 1, complete: true })
    await log.put('r', placeholder(whole))
    const nothing = { entries: [], head: 1, floor: 2, complete: true }
    expect(await emptyPage(log, 'r')).toEqual(nothing)
    expect(await emptyPage(log, 'r', 1)).toEqual(nothing)
  })

  it.each([0, 2])('cannot go on behind a position that is not its head: %i', async (after) => {
    await log.put('r', placeholder(whole))
    const { code, details } = await refusal(emptyPage(log, 'r', after))
    expect({ code, details }).toEqual({ code: 'resync_required', details: { head: 1, floor: 2 } })
  })
})
