import { aWorld } from './world.ts'

const world = aWorld()

describe('a room under a wall', () => {
  it('is moved through it by an administrator only, and the record has the move', async () => {
    const walled = await world().category({ denied: ['group:ops'], creators: ['everyone'] })
    const unlogged = await world().category({ denied: ['group:ops'], creators: ['everyone'], history: false })
    const room = await world().room({ categoryId: walled.categoryId, privacy: 'open' })
    const { roomId } = room
    const alice = await world().joined('alice', room)
    await alice.ask('send', { roomId, text: 'Not for them' })
    for (const categoryId of ['general', unlogged.categoryId]) {
      const refused = await alice.refusal('moveRoom', { roomId, categoryId })
      expect(refused).toMatchObject({ code: 'forbidden', details: { field: 'categoryId' } })
    }
    const dave = await world().connect('dave')
    expect(await dave.refusal('history', { roomId })).toMatchObject({ code: 'not_found' })
    const root = await world().connect('root')
    await root.ask('moveRoom', { roomId, categoryId: 'general' })
    expect((await dave.ask('history', { roomId })).messages).toHaveLength(1)
    const { entries } = await root.ask('record', { roomId })
    expect(entries).toContainEqual({
      at: expect.any(String),
      event: 'moved',
      by: 'root',
      details: { from: walled.categoryId, to: 'general', version: 2 },
    })
    const now = new Date(Date.parse(entries[0].at) - 60_000).toISOString()
    const acts = await root.ask('record', { roomId: '#administration', from: now })
    expect(acts.entries.length).toBeGreaterThan(0)
  })
})
