import { Chance } from '../simulation/chance.ts'
import { aLocalWorld } from './local-world.ts'

jest.setTimeout(180_000)
const world = aLocalWorld()

describe('a revocation while the revoked joins', () => {
  const seed = 21

  it(`holds from its reply on, in 200 races (seed ${seed})`, async () => {
    const chance = new Chance(seed)
    const lanes = await Promise.all(
      Array.from({ length: 4 }, async (_, lane) => {
        const user = `member${lane}`
        const room = await world().room({}, ['user:alice'])
        return { room, user, alice: await world().connect('alice'), member: await world().connect(user) }
      }),
    )
    const outcomes = { joined: 0, refused: 0, sent: 0 }
    await Promise.all(
      lanes.map(async ({ room: { roomId }, user, alice, member }) => {
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
          if (participants.length > 0) throw new Error(`${user} is still there in round ${round}.`)
        }
      }),
    )
    expect(outcomes.sent).toBe(0)
    expect(Math.min(outcomes.joined, outcomes.refused)).toBeGreaterThan(0)
  })

  // The session stands, with its voice, from the join's first write to its second reading of the rights.
  it(`holds even for what was sent before the join was answered, in 60 races (seed ${seed})`, async () => {
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
