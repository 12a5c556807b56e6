import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { aLargeWorld, hears, textsOf } from './large-world.ts'

jest.setTimeout(180_000)

const world = aLargeWorld()

describe('a large room', () => {
  test('is reached behind the reply: all others hear what is said, by workers, and the speaker is not told twice', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    const { message, duplicate } = await alice.ask('send', { roomId, text: 'hello' })
    expect({ seq: message.seq, duplicate }).toEqual({ seq: 1, duplicate: false })
    for (const other of others) expect(textsOf(await hears(other, 1))).toEqual(['hello'])
    expect(await world().posts('Send', 'delivered')).toBe(0)
    expect(await world().posts('Deliver', 'delivered')).toBe(others.length)
    // Whatever was on its way to the speaker would have come before the answer to this.
    await others[0]?.ask('send', { roomId, text: 'and back' })
    expect(textsOf(await hears(alice, 1))).toEqual(['and back'])
  })

  test('hears a burst once each and in order, however it was put together on the way', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    const said = Array.from({ length: 15 }, (_, at) => `word ${at}`)
    for (const text of said) await alice.ask('send', { roomId, text })
    for (const other of others) {
      const seqs = new Map<number, string>()
      while (seqs.size < said.length) for (const { seq, text } of await hears(other, 1)) seqs.set(seq, text)
      expect([...seqs].sort(([a], [b]) => a - b).map(([, text]) => text)).toEqual(said)
    }
  })

  test('answers a repeated message as the first one and says it to nobody again', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    const draft = { roomId, text: 'once', clientMessageId: 'one', after: 0 }
    await alice.ask('send', draft)
    for (const other of others) await hears(other, 1)
    expect(await alice.ask('send', draft)).toMatchObject({ duplicate: true, message: { seq: 1 } })
    await alice.ask('send', { roomId, text: 'twice' })
    for (const other of others) expect(textsOf(await hears(other, 1))).toEqual(['twice'])
  })

  test('learns of a removal as of a message', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    await alice.ask('send', { roomId, text: 'regretted' })
    for (const other of others) await hears(other, 1)
    const root = await world().connect('root')
    await root.ask('removeMessages', { roomId, seqs: [1] })
    for (const person of [alice, ...others]) expect(await hears(person, 1)).toMatchObject([{ seq: 2, removes: [1] }])
  })

  test('that keeps no history is reached by the speaker, and the stream learns nothing of it', async () => {
    const { categoryId } = await world().category({ history: false })
    const { roomId, alice, others } = await world().largeRoom({ categoryId })
    const { calls } = await world().invocations('Broadcast')
    await alice.ask('send', { roomId, text: 'between us' })
    for (const other of others) expect(textsOf(await hears(other, 1))).toEqual(['between us'])
    expect(await world().invocations('Broadcast')).toMatchObject({ calls })
  })

  test('joins nobody by looking at everyone, and says how many there are', async () => {
    const { roomId, others } = await world().largeRoom()
    const frank = await world().connect('frank')
    const reply = await frank.ask('join', { roomId })
    expect(reply.participants).toBeUndefined()
    expect(reply.participantCount).toBe(1000)
    await frank.ask('leave', { roomId })
    for (const other of others) expect(other.pushes).toEqual([])
  })
})

describe('a small room', () => {
  test('invokes nothing behind the stream', async () => {
    const { roomId } = await world().room({ privacy: 'open' }, [])
    const [alice, bob] = [await world().joined('alice', { roomId }), await world().joined('bob', { roomId })]
    const { calls } = await world().invocations('Broadcast')
    await alice.ask('send', { roomId, text: 'hi' })
    expect(textsOf(await hears(bob, 1))).toEqual(['hi'])
    expect(await world().invocations('Broadcast')).toMatchObject({ calls })
  })
})

const redriven = async (): Promise<string> => {
  const command = ['--import', 'tsx', 'terminal/main.ts', 'redrive', '--local', world().run.origin]
  return (await promisify(execFile)(process.execPath, command)).stdout
}

describe('what cannot be delivered', () => {
  test('an order at which every worker dies waits in the queue, without a word of what was said, until it is given again', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    // Three parts, each tried three times.
    await world().faults(Array(9).fill('kill:Deliver:1:before').join())
    await alice.ask('send', { roomId, text: 'patience' })
    const { requestPayload, ...letter } = await world().letter()
    expect(requestPayload).toMatchObject({ roomId, first: 1, last: 1 })
    expect(JSON.stringify(letter)).not.toContain('patience')
    // Queues give out what is in them in any order, so the others may come while the command waits for more.
    await world().allStruck()
    let done = 0
    while (done < 3) done += Number(/^(\d) delivered again/m.exec(await redriven())?.[1] ?? 0)
    for (const other of others) expect(textsOf(await hears(other, 1))).toEqual(['patience'])
  })

  test('a record that cannot be read delays nobody, waits in the queue with its place, and is delivered once it is mended', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    await alice.ask('send', { roomId, text: 'before' })
    for (const other of others) await hears(other, 1)
    const spoilt = { roomId, seq: 2, broadcast: '', user: 'alice', name: 'Alice', text: 'mended' }
    await world().write({ ...spoilt, sentAt: 'never' })
    expect(await world().letter()).toEqual({ roomId, seq: 2, reason: 'unreadable' })
    await world().write({ ...spoilt, sentAt: Date.now() })
    await alice.ask('send', { roomId, text: 'behind' })
    for (const other of others) expect(textsOf(await hears(other, 1))).toEqual(['behind'])

    const stdout = await redriven()
    expect(stdout).toContain(`room ${roomId}, 2 to 2: {"delivered":5}`)
    expect(stdout).toContain('1 delivered again, 0 kept in the queue.')
    for (const person of [alice, ...others]) expect(textsOf(await hears(person, 1))).toEqual(['mended'])
  })
})
