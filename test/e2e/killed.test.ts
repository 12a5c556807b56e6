import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aLargeWorld, hears, type LargeWorld } from './large-world.ts'

jest.setTimeout(300_000)

const world = aLargeWorld()

/** Sends until it is answered, as a client does: the same message, after the same position. */
function persistent(author: ChatSocket): (draft: Frame) => Promise<Frame> {
  const cutOff = () => author.frame(({ type, message }) => type === undefined && message === 'Internal server error')
  let cut = cutOff()
  return async (draft) => {
    for (;;) {
      const outcome = await Promise.race([author.request('send', draft), cut])
      if (outcome.ok) return outcome
      if (outcome.ok === undefined) cut = cutOff()
      else if (!outcome.error.retryable) throw new Error(`Refused: ${outcome.error.code}`)
    }
  }
}

/** Hears messages until this one is among them. */
async function hearsOf(listener: ChatSocket, text: string): Promise<void> {
  for (let [heard] = await hears(listener, 1); heard?.text !== text; [heard] = await hears(listener, 1));
}

/** Whether the kill came to be; asked until that is known. */
async function killed(world: LargeWorld): Promise<boolean> {
  for (;;) {
    const [kill] = await world.kills()
    if (kill?.killed || kill?.finished) return kill.killed
  }
}

/** Says something once for each call that the function makes, and has it killed there. Answers how often that was. */
async function killedEverywhere(name: string, side: string, alice: ChatSocket, others: ChatSocket[], roomId: string) {
  const send = persistent(alice)
  let after = 0
  for (let call = 1; ; call++) {
    await world().faults(`kill:${name}:${call}:${side}`)
    const text = `${name} ${side} ${call}`
    const draft = { roomId, text, clientMessageId: text, after }
    after = (await send(draft)).message.seq
    await Promise.all(others.map((other) => hearsOf(other, text)))
    if (!(await killed(world()))) return call - 1
  }
}

describe.each(['before', 'after'])('a function that dies %s one of its calls, at each of them in turn', (side) => {
  test.each([
    ['Send', 'a large room', 4],
    ['Broadcast', 'a large room', 4],
    ['Deliver', 'a large room', 2],
  ])('%s in %s loses no message for anyone', async (name, _, calls) => {
    const { roomId, alice, others } = await world().largeRoom()
    expect(await killedEverywhere(name, side, alice, others, roomId)).toBeGreaterThanOrEqual(calls)
  })

  test('Send in a small room loses no message for anyone', async () => {
    const { roomId } = await world().room({ privacy: 'open' }, [])
    const alice = await world().joined('alice', { roomId })
    const others = [await world().joined('bob', { roomId }), await world().joined('carol', { roomId })]
    // Session, note, log, put, roster and two posts.
    expect(await killedEverywhere('Send', side, alice, others, roomId)).toBeGreaterThanOrEqual(7)
  })
})
