import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { type LogStores, newLog } from './log-stores.ts'

/** The behaviour of every log when messages are removed or purged. */
export function removalContract(stores: () => LogStores): void {
  const log = () => stores().messages
  const removed = { by: 'root', at: 7 }

  const entryOf = (seq: number): Entry => ({
    seq,
    sentAt: seq,
    from: { user: 'ana', name: 'Ana' },
    clientMessageId: `m${seq}`,
    digest: log().digest({ text: 'x' }),
    spent: { room: 20, authors: { '1a2b': 200 } },
    body: {
      text: 'x',
      title: 'y',
      alert: true,
      parts: [{ type: 'text', text: 'x' }],
      rich: { contentType: 'text/plain', body: 'x' },
    },
  })

  async function filled(count: number): Promise<string> {
    const roomId = await newLog(stores())
    for (let seq = 1; seq <= count; seq++) await log().put(roomId, entryOf(seq))
    return roomId
  }

  it('finds the entries at given positions, without those that do not exist', async () => {
    const roomId = await filled(5)
    const found = await log().find(roomId, [2, 5, 99])
    expect(found.sort((a, b) => a.seq - b.seq)).toEqual([entryOf(2), entryOf(5)])
    expect(await log().find(roomId, [])).toEqual([])
    const many = Array.from({ length: 100 }, (_, at) => at + 1)
    expect(await log().find(roomId, many)).toHaveLength(5)
  })

  it('removes the whole body and keeps the author, the id and the used rates', async () => {
    const roomId = await filled(2)
    expect(await log().redact(roomId, 1, removed)).toBe(true)
    const { body: _, ...kept } = entryOf(1)
    expect(await log().read(roomId, 1, 9)).toEqual([{ ...kept, removed }, entryOf(2)])
  })

  it('replaces the text', async () => {
    const roomId = await filled(1)
    expect(await log().redact(roomId, 1, removed, 'instead')).toBe(true)
    expect(await log().head(roomId)).toEqual({ ...entryOf(1), body: { text: 'instead' }, removed })
  })

  it('removes a message once and ignores missing entries, removals and position 0', async () => {
    const roomId = await filled(1)
    await log().put(roomId, { seq: 2, sentAt: 2, from: { user: 'root', name: 'Root' }, removes: [1] })
    const outcomes = await Promise.all(
      Array.from({ length: 9 }, (_, at) => log().redact(roomId, 1, { by: `${at}`, at })),
    )
    expect(outcomes.filter(Boolean)).toHaveLength(1)
    const before = await log().read(roomId, 0, 9)
    for (const seq of [0, 1, 2, 3]) expect(await log().redact(roomId, seq, removed, 'again')).toBe(false)
    expect(await log().read(roomId, 0, 9)).toEqual(before)
  })

  it('returns a removal exactly', async () => {
    const roomId = await newLog(stores())
    const removal: Entry = {
      seq: 1,
      sentAt: 2,
      from: { user: 'r', name: 'R' },
      removes: [4, 9],
      replacement: 'instead',
    }
    await log().put(roomId, removal)
    expect(await log().read(roomId, 1, 1)).toEqual([removal])
  })

  it('returns a placeholder exactly, without the name of its author', async () => {
    const roomId = await newLog(stores())
    const placeholder: Entry = {
      seq: 1,
      sentAt: 2,
      from: { user: 'ana', name: 'ana' },
      removed: { by: 'unlogged', at: 2 },
    }
    await log().put(roomId, placeholder)
    expect(await log().read(roomId, 1, 1)).toEqual([placeholder])
  })

  it('moves the floor up and never down under concurrent purges', async () => {
    const roomId = await filled(9)
    await Promise.all([3, 8, 5, 2, 7].map((floor) => log().raiseFloor(roomId, floor)))
    expect(await log().floor(roomId)).toBe(8)
    await log().raiseFloor(roomId, 4)
    expect(await log().floor(roomId)).toBe(8)
    expect((await log().read(roomId, 0, 99)).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('deletes entries below the floor in steps and reports when none are left', async () => {
    const roomId = await filled(90)
    const seqs = async () => (await log().read(roomId, 0, 200)).map(({ seq }) => seq)
    expect(await log().trim(roomId, 1, 10)).toBe(true)
    expect(await seqs()).toHaveLength(91)
    expect(await log().trim(roomId, 80, 30)).toBe(false)
    expect((await seqs()).slice(0, 2)).toEqual([0, 31])
    expect(await log().trim(roomId, 80, 60)).toBe(true)
    expect(await seqs()).toEqual([0, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90])
    expect(await log().trim(roomId, 80, 60)).toBe(true)
  })
}
