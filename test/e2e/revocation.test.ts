import { Chance } from '../simulation/chance.ts'
import { aLocalWorld } from './local-world.ts'

const world = aLocalWorld()

describe('a revocation while the user joins', () => {
  const seed = 21

  it(`is effective from its reply on, in 200 races (seed ${seed})`, async () => {
    const chance = new Chance(seed)
    const pairs = await Promise.all(
      Array.from({ length: 4 }, async (_, nr) => {
        const user = `member${nr}`
        const room = await world().room({}, ['user:alice'])
        return { room, user, alice: await world().connect('alice'), member: await world().connect(user) }
      }),
    )
    const outcomes = { joined: 0, refused: 0, sent: 0 }
    await Promise.all(
      pairs.map(async ({ room: { roomId }, user, alice, member }) => {
        const membership = { roomId, role: 'member', principals: [`user:${user}`] }
        for (let round = 0; round < 50; round++) {
          await alice.ask('grant', membership)
          const [late, early] = chance.hits(0.5) ? [chance.whole(0, 30), 0] : [0, chance.whole(0, 30)]
          const [join] = await Promise.all([
            turns(late).then(() => member.request('join', { roomId })),
            turns(early).then(() => alice.ask('revoke', membership)),
          ])
          outcomes[join.ok ? 'joined' : 'refused']++
          const send = await member.request('send', { roomId, text: `After ${round}` })
          if (send.ok) outcomes.sent++
          const { participants } = await alice.ask('participants', { roomId })
          if (participants.length > 0) throw new Error(`${user} is still in the room in round ${round}.`)
        }
      }),
    )
    expect(outcomes.sent).toBe(0)
    expect(Math.min(outcomes.joined, outcomes.refused)).toBeGreaterThan(0)
  })

  // A join creates the session with the right to send, and then reads the rights once more.
  it(`also refuses messages that are sent before the reply to the join, in 60 races (seed ${seed})`, async () => {
    const chance = new Chance(seed)
    const room = await world().room({}, ['user:alice'])
    const { roomId } = room
    const alice = await world().connect('alice')
    const bob = await world().connect('bob')
    const membership = { roomId, role: 'member', principals: ['user:bob'] }
    let accepted = 0
    for (let round = 0; round < 60; round++) {
      await alice.ask('grant', membership)
      const revoked = turns(chance.whole(0, 20)).then(() => alice.ask('revoke', membership))
      const joining = bob.request('join', { roomId })
      await revoked
      const sends = Array.from({ length: 3 }, () => bob.request('send', { roomId, text: `After ${round}` }))
      accepted += (await Promise.all(sends)).filter(({ ok }) => ok).length
      await joining
    }
    expect(accepted).toBe(0)
  })
})

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}
