import type { Entry, MessageBody } from '../../lambdas/domain/log/entry.ts'
import { roomOf } from '../support/memory/fixtures.ts'
import { fresh, type Stores } from './ports.ts'

const bodies: [string, MessageBody][] = [
  ['plain text', { text: 'Hello' }],
  ['characters outside the basic plane', { text: '😀 𝔘𝔫𝔦 𠜎 👩‍👩‍👧‍👦 🇩🇪' }],
  ['lines, tabs and quotes', { text: 'a\n\tb\r\n"\\u0041" \u2028 \ufffd' }],
  ['decomposed letters', { text: 'Cafe\u0301 and Caf\u00e9' }],
  ['a number as text', { text: '0' }],
  [
    'all fields',
    {
      text: 'Like 😉 docs',
      parts: [
        { type: 'text', text: '' },
        { type: 'emoticon', emoticon: 'wink' },
        { type: 'link', text: 'docs', href: 'https://example.org/?a=b&c=ü' },
        { type: 'roomLink', roomId: 'r1', name: 'Lobby' },
      ],
      alert: true,
      title: 'A story',
      rich: { contentType: 'text/markdown', body: '# 𠜎' },
    },
  ],
  ['a long text', { text: '𠜎'.repeat(4096) }],
]

/** The behaviour of every Log. */
export function logContract(stores: () => Stores): void {
  const log = () => stores().messages

  const entryOf = (seq: number, text = `message ${seq}`, more: Partial<Entry> = {}): Entry => ({
    seq,
    sentAt: 1_700_000_000_000 + seq,
    from: { user: 'ana', name: 'Ana 😀' },
    clientMessageId: `m${seq}`,
    digest: log().digest({ text }),
    body: { text },
    ...more,
  })

  async function newLog(messages = 0): Promise<string> {
    const roomId = fresh('room')
    await stores().rooms.create(roomOf(roomId, { name: fresh('Log') }), undefined)
    for (let seq = 1; seq <= messages; seq++) await log().put(roomId, entryOf(seq))
    return roomId
  }

  const seqs = (entries: Entry[]) => entries.map((entry) => entry.seq)

  it('stores an entry at a free position as the new head', async () => {
    const roomId = await newLog()
    expect(await log().put(roomId, entryOf(1))).toBe('stored')
    expect(await log().head(roomId)).toEqual(entryOf(1))
  })

  it('returns the entry at a taken position and keeps it', async () => {
    const roomId = await newLog(1)
    const rival = entryOf(1, 'rival', { from: { user: 'ben', name: 'Ben' }, clientMessageId: 'other' })
    expect(await log().put(roomId, rival)).toEqual(entryOf(1))
    expect(await log().read(roomId, 1, 10)).toEqual([entryOf(1)])
  })

  it('treats a second equal put without an id as another message', async () => {
    const roomId = await newLog()
    const { clientMessageId: _, ...withoutId } = entryOf(1)
    expect(await log().put(roomId, withoutId)).toBe('stored')
    expect(await log().put(roomId, withoutId)).toEqual(withoutId)
  })

  it('stores exactly one of fifty concurrent puts and returns it to all others', async () => {
    const roomId = await newLog()
    const rivals = Array.from({ length: 50 }, (_, nr) => entryOf(1, `rival ${nr}`, { clientMessageId: `rival-${nr}` }))
    const outcomes = await Promise.all(rivals.map((rival) => log().put(roomId, rival)))
    const winner = rivals[outcomes.indexOf('stored')]
    expect(outcomes.filter((outcome) => outcome !== 'stored')).toEqual(Array(49).fill(winner))
    expect(await log().read(roomId, 0, 100)).toMatchObject([{ seq: 0 }, winner ?? {}])
  })

  it.each(bodies)('returns a body exactly: %s', async (_, body) => {
    const roomId = await newLog()
    const entry = { ...entryOf(1), body, digest: log().digest(body) }
    await log().put(roomId, entry)
    expect(await log().read(roomId, 1, 1)).toEqual([entry])
    expect(await log().put(roomId, entryOf(1, 'rival'))).toEqual(entry)
  })

  it('returns every other kind of entry exactly', async () => {
    const roomId = await newLog()
    const { body: _, ...bodiless } = entryOf(1)
    const entries: Entry[] = [
      { ...bodiless, removed: { by: 'admin', at: 5 } },
      { seq: 2, sentAt: 6, removes: [1, 2] },
      { seq: 3, sentAt: 7, from: { user: 'ana', name: 'Ana' }, body: { text: 'no id, no digest' } },
      { ...entryOf(4), spent: { room: 60, authors: { '1a2b': 400, zz: 20 } } },
      { seq: 5, sentAt: 9, removes: [4], spent: { room: 40, authors: {} } },
    ]
    for (const entry of entries) await log().put(roomId, entry)
    expect(await log().read(roomId, 1, 10)).toEqual(entries)
  })

  it('reads up from a position, including position 0, up to the limit', async () => {
    const roomId = await newLog(5)
    expect(seqs(await log().read(roomId, 0, 100))).toEqual([0, 1, 2, 3, 4, 5])
    expect(seqs(await log().read(roomId, 3, 100))).toEqual([3, 4, 5])
    expect(seqs(await log().read(roomId, 2, 2))).toEqual([2, 3])
    expect(await log().read(roomId, 6, 100)).toEqual([])
  })

  it('reads down from before a position, including position 0, up to the limit', async () => {
    const roomId = await newLog(5)
    expect(seqs(await log().readBack(roomId, Number.MAX_SAFE_INTEGER, 100))).toEqual([5, 4, 3, 2, 1, 0])
    expect(seqs(await log().readBack(roomId, 3, 100))).toEqual([2, 1, 0])
    expect(seqs(await log().readBack(roomId, 5, 2))).toEqual([4, 3])
    expect(await log().readBack(roomId, 0, 100)).toEqual([])
  })

  it('orders positions numerically', async () => {
    const roomId = await newLog(11)
    expect(seqs(await log().read(roomId, 8, 3))).toEqual([8, 9, 10])
    expect((await log().head(roomId))?.seq).toBe(11)
  })

  it('reads more than a megabyte', async () => {
    const roomId = await newLog()
    const text = '𠜎'.repeat(4096)
    for (let seq = 1; seq <= 80; seq++) await log().put(roomId, entryOf(seq, text))
    expect(seqs(await log().read(roomId, 0, 200))).toHaveLength(81)
    expect(seqs(await log().readBack(roomId, 81, 200))).toHaveLength(81)
  })

  it('starts with position 0, which holds no message', async () => {
    const roomId = await newLog()
    expect(await log().head(roomId)).toEqual({ seq: 0, sentAt: 1_700_000_000_000 })
    expect(await log().put(roomId, entryOf(0))).toEqual({ seq: 0, sentAt: 1_700_000_000_000 })
    expect(await log().floor(roomId)).toBe(1)
  })

  it('returns nothing for an unknown room', async () => {
    const roomId = fresh('room')
    expect(await log().head(roomId)).toBeUndefined()
    expect(await log().read(roomId, 0, 10)).toEqual([])
    expect(await log().readBack(roomId, 10, 10)).toEqual([])
    expect(await log().floor(roomId)).toBe(1)
  })

  it('does not mix up the logs of two rooms', async () => {
    const [one, two] = [await newLog(2), await newLog(1)]
    expect((await log().head(one))?.seq).toBe(2)
    expect((await log().head(two))?.seq).toBe(1)
  })

  it('copies entries on the way in and out', async () => {
    const roomId = await newLog()
    const given = entryOf(1)
    await log().put(roomId, given)
    Object.assign(given.body ?? {}, { text: 'broken' })
    Object.assign((await log().head(roomId))?.body ?? {}, { text: 'broken' })
    expect(await log().read(roomId, 1, 1)).toEqual([entryOf(1)])
  })

  it.each(bodies)('computes the same digest for the same body: %s', (_, body) => {
    expect(log().digest(structuredClone(body))).toBe(log().digest(body))
  })

  it('computes the same digest for any order of the fields', () => {
    const one: MessageBody = {
      text: 'x',
      title: 'y',
      parts: [{ type: 'link', text: 'a', href: 'https://b.c' }],
      rich: { contentType: 'text/plain', body: 'z' },
    }
    const two: MessageBody = {
      rich: { body: 'z', contentType: 'text/plain' },
      parts: [{ href: 'https://b.c', text: 'a', type: 'link' }],
      title: 'y',
      text: 'x',
    }
    expect(log().digest(two)).toBe(log().digest(one))
  })

  it('computes different digests for different bodies', () => {
    const different: MessageBody[] = [
      ...bodies.map(([, body]) => body),
      { text: 'x' },
      { text: 'x ' },
      { text: 'x', alert: true },
      { text: 'x', title: 'y' },
      { text: 'x', title: '["y"]' },
      { text: 'y', title: 'x' },
      { text: 'x', rich: { contentType: 'y', body: 'z' } },
      { text: 'x', rich: { contentType: 'z', body: 'y' } },
      { text: 'x', parts: [{ type: 'text', text: 'y' }] },
      {
        text: 'x',
        parts: [
          { type: 'text', text: 'y' },
          { type: 'text', text: 'y' },
        ],
      },
      { text: 'x', parts: [{ type: 'emoticon', emoticon: 'y' }] },
      { text: 'x', parts: [{ type: 'link', text: 'y', href: 'z' }] },
      { text: 'x', parts: [{ type: 'roomLink', roomId: 'y', name: 'z' }] },
    ]
    expect(new Set(different.map((body) => log().digest(body))).size).toBe(different.length)
  })
}
