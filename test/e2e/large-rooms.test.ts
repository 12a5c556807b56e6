import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { aLargeWorld, receives, textsOf } from './large-world.ts'

const world = aLargeWorld()

describe('a large room', () => {
  test('gets its messages from workers after the reply, and the author gets no push of its own message', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    const { message, duplicate } = await alice.ask('send', { roomId, text: 'hello' })
    expect({ seq: message.seq, duplicate }).toEqual({ seq: 1, duplicate: false })
    for (const other of others) expect(textsOf(await receives(other, 1))).toEqual(['hello'])
    expect(await world().posts('Send', 'delivered')).toBe(0)
    expect(await world().posts('Deliver', 'delivered')).toBe(others.length)
    // A push to the author would arrive before the reply to this message.
    await others[0]?.ask('send', { roomId, text: 'and back' })
    expect(textsOf(await receives(alice, 1))).toEqual(['and back'])
  })

  test('gets each message of a burst, although several may arrive in one frame', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    const sent = Array.from({ length: 15 }, (_, at) => `word ${at}`)
    for (const text of sent) await alice.ask('send', { roomId, text })
    for (const other of others) {
      const seqs = new Map<number, string>()
      while (seqs.size < sent.length) for (const { seq, text } of await receives(other, 1)) seqs.set(seq, text)
      expect([...seqs].sort(([a], [b]) => a - b).map(([, text]) => text)).toEqual(sent)
    }
  })

  test('answers a repeated message like the first one and does not deliver it again', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    const draft = { roomId, text: 'once', clientMessageId: 'one', after: 0 }
    await alice.ask('send', draft)
    for (const other of others) await receives(other, 1)
    expect(await alice.ask('send', draft)).toMatchObject({ duplicate: true, message: { seq: 1 } })
    await alice.ask('send', { roomId, text: 'twice' })
    for (const other of others) expect(textsOf(await receives(other, 1))).toEqual(['twice'])
  })

  test('gets a removal like a message', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    await alice.ask('send', { roomId, text: 'regretted' })
    for (const other of others) await receives(other, 1)
    const root = await world().connect('root')
    await root.ask('removeMessages', { roomId, seqs: [1] })
    for (const person of [alice, ...others]) expect(await receives(person, 1)).toMatchObject([{ seq: 2, removes: [1] }])
  })

  test('without history gets its messages from the sending function and not from the stream', async () => {
    const { categoryId } = await world().category({ history: false })
    const { roomId, alice, others } = await world().largeRoom({ categoryId })
    const { calls } = await world().invocations('Broadcast')
    await alice.ask('send', { roomId, text: 'between us' })
    for (const other of others) expect(textsOf(await receives(other, 1))).toEqual(['between us'])
    expect(await world().invocations('Broadcast')).toMatchObject({ calls })
  })

  test('replies to a join with the noted number of participants and without a list', async () => {
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
  test('does not invoke the broadcast function', async () => {
    const { roomId } = await world().room({ privacy: 'open' }, [])
    const [alice, bob] = [await world().joined('alice', { roomId }), await world().joined('bob', { roomId })]
    const { calls } = await world().invocations('Broadcast')
    await alice.ask('send', { roomId, text: 'hi' })
    expect(textsOf(await receives(bob, 1))).toEqual(['hi'])
    expect(await world().invocations('Broadcast')).toMatchObject({ calls })
  })
})

const redriven = async (): Promise<string> => {
  const command = ['--import', 'tsx', 'terminal/main.ts', 'redrive', '--local', world().run.origin]
  return (await promisify(execFile)(process.execPath, command)).stdout
}

describe('the dead-letter queue', () => {
  test('keeps a delivery whose workers were killed, without the text of the message, until it is redelivered', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    // The room has three parts, and each is tried three times.
    await world().faults(Array(9).fill('kill:Deliver:1:before').join())
    await alice.ask('send', { roomId, text: 'secret text' })
    const { requestPayload, ...deadLetter } = await world().deadLetter()
    expect(requestPayload).toMatchObject({ roomId, first: 1, last: 1 })
    expect(JSON.stringify(deadLetter)).not.toContain('secret text')
    // The other two parts may reach the queue while the command runs, so it runs until it has redelivered all three.
    await world().allKilled()
    let done = 0
    while (done < 3) done += Number(/^(\d) delivered again/m.exec(await redriven())?.[1] ?? 0)
    for (const other of others) expect(textsOf(await receives(other, 1))).toEqual(['secret text'])
  })

  test('keeps the position of an unreadable record, which does not delay others and can be redelivered once repaired', async () => {
    const { roomId, alice, others } = await world().largeRoom()
    await alice.ask('send', { roomId, text: 'before' })
    for (const other of others) await receives(other, 1)
    const item = { roomId, seq: 2, broadcast: '', user: 'alice', name: 'Alice', text: 'repaired' }
    await world().write({ ...item, sentAt: 'never' })
    expect(await world().deadLetter()).toEqual({ roomId, seq: 2, reason: 'unreadable' })
    await world().write({ ...item, sentAt: Date.now() })
    await alice.ask('send', { roomId, text: 'behind' })
    for (const other of others) expect(textsOf(await receives(other, 1))).toEqual(['behind'])

    const stdout = await redriven()
    expect(stdout).toContain(`room ${roomId}, 2 to 2: {"delivered":5}`)
    expect(stdout).toContain('1 delivered again, 0 kept in the queue.')
    for (const person of [alice, ...others]) expect(textsOf(await receives(person, 1))).toEqual(['repaired'])
  })
})
