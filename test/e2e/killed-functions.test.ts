import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aLargeWorld, type LargeWorld, receives } from './large-world.ts'

jest.setTimeout(300_000)

const world = aLargeWorld()

/** Sends a message again until it is answered, as a client does: with the same id and after the same position. */
function persistent(author: ChatSocket): (draft: Frame) => Promise<Frame> {
  const failure = () => author.frame(({ type, message }) => type === undefined && message === 'Internal server error')
  let failed = failure()
  return async (draft) => {
    for (;;) {
      const outcome = await Promise.race([author.request('send', draft), failed])
      if (outcome.ok) return outcome
      if (outcome.ok === undefined) failed = failure()
      else if (!outcome.error.retryable) throw new Error(`Refused: ${outcome.error.code}`)
    }
  }
}

/** Waits until a listener receives the message with this text. */
async function receivesText(listener: ChatSocket, text: string): Promise<void> {
  for (let [entry] = await receives(listener, 1); entry?.text !== text; [entry] = await receives(listener, 1));
}

/** Waits until the kill has happened or cannot happen any more, and resolves with whether it happened. */
async function killed(world: LargeWorld): Promise<boolean> {
  for (;;) {
    const [kill] = await world.kills()
    if (kill?.killed || kill?.finished) return kill.killed
  }
}

/** Sends a message for each call of the function and kills the function there. Resolves with the number of kills. */
async function killAtEachCall(name: string, side: string, alice: ChatSocket, others: ChatSocket[], roomId: string) {
  const send = persistent(alice)
  let after = 0
  for (let call = 1; ; call++) {
    await world().faults(`kill:${name}:${call}:${side}`)
    const text = `${name} ${side} ${call}`
    const draft = { roomId, text, clientMessageId: text, after }
    after = (await send(draft)).message.seq
    await Promise.all(others.map((other) => receivesText(other, text)))
    if (!(await killed(world()))) return call - 1
  }
}

describe.each(['before', 'after'])('a function that is killed %s each of its calls in turn', (side) => {
  test.each([
    ['Send', 'a large room', 4],
    ['Broadcast', 'a large room', 4],
    ['Deliver', 'a large room', 2],
  ])('loses no message: %s in %s', async (name, _, calls) => {
    const { roomId, alice, others } = await world().largeRoom()
    expect(await killAtEachCall(name, side, alice, others, roomId)).toBeGreaterThanOrEqual(calls)
  })

  test('loses no message: Send in a small room', async () => {
    const { roomId } = await world().room({ privacy: 'open' }, [])
    const alice = await world().joined('alice', { roomId })
    const others = [await world().joined('bob', { roomId }), await world().joined('carol', { roomId })]
    // The calls read the session, the noted size and the log, put the message, read the roster and post twice.
    expect(await killAtEachCall('Send', side, alice, others, roomId)).toBeGreaterThanOrEqual(7)
  })
})
