import { newErasure, toLedger } from '../../lambdas/domain/rooms/erasure.ts'
import { keys } from '../../lambdas/store/keys.ts'
import { DynamoRecord } from '../../lambdas/store/record.ts'
import { DynamoSuspensions } from '../../lambdas/store/suspensions.ts'
import { nextSteps } from '../../terminal/restore/next-steps.ts'
import { aRestorable, minute, startedAt } from '../support/dynamodb/restorable.ts'

const chat = aRestorable()

describe('the logs of a restore', () => {
  test('are told with each missing position, and --mend makes them dense', async () => {
    await chat().room('bare')
    await chat().remove(chat().tables.messages, keys.entry('bare', 0))
    await chat().remove(chat().tables.messages, keys.entry('lobby', 2))
    await chat().remove(chat().tables.messages, keys.entry('lobby', 3))
    await chat().server.remember(startedAt)
    const { result, told } = await chat().restore()
    expect(result.logs).toEqual({
      logs: 1,
      entries: 2,
      holes: [
        { roomId: 'lobby', seq: 2, sentAt: startedAt + 1 },
        { roomId: 'lobby', seq: 3, sentAt: startedAt + 1 },
      ],
      withoutLog: ['bare'],
    })
    expect(result.isMended).toBe(false)
    expect(told).toContain('* room lobby lacks the position 3\n* room bare has no log\n')
    expect((await chat().restore({ mend: true })).result.isMended).toBe(true)
    expect((await chat().restore()).result.logs).toEqual({ logs: 2, entries: 4, holes: [], withoutLog: [] })
    const entries = await chat().log(chat().named('messages')).read('lobby', 2, 2)
    expect(entries).toMatchObject([
      { seq: 2, sentAt: startedAt + 1, removed: { by: 'lost-in-restore' } },
      { seq: 3, sentAt: startedAt + 1, removed: { by: 'lost-in-restore' } },
    ])
  })

  test('are dense from their floors, whatever is left below', async () => {
    await chat().log(chat().tables.messages).raiseFloor('lobby', 4)
    await chat().remove(chat().tables.messages, keys.entry('lobby', 2))
    await chat().server.remember(startedAt)
    expect((await chat().restore()).result.logs).toEqual({ logs: 1, entries: 1, holes: [], withoutLog: [] })
  })
})

test('a restore erases again who was erased, before its time and after it, and keeps them out', async () => {
  const records = new DynamoRecord(chat().client, chat().clock, chat().tables.records)
  await toLedger(records, newErasure('alice', 'keep', 'root', startedAt))
  await chat().server.remember(startedAt + minute)
  await toLedger(records, newErasure('carol', 'remove', 'root', startedAt + 2 * minute))
  const suspension = { user: 'carol', since: startedAt, by: 'root' }
  await new DynamoSuspensions(chat().client, chat().clock, chat().tables.rooms).put(suspension)
  const { result, told } = await chat().restore()
  expect(result.erasures).toBe(2)
  expect(told).toContain('* erasures: repeating 2, 1 of them later than the restored time\n')
  const log = await chat().log(chat().named('messages')).read('lobby', 1, 10)
  expect(log.map(({ seq, from, body, removesOf }) => [seq, removesOf ?? from?.name, body?.text])).toEqual([
    [1, 'Deleted user', undefined],
    [2, 'Deleted user', undefined],
    [3, 'Deleted user', 'alice 3'],
    [4, 'Deleted user', undefined],
    [5, 'carol', undefined],
  ])
  const suspensions = new DynamoSuspensions(chat().client, chat().clock, chat().named('rooms'))
  expect(await suspensions.find('carol')).toMatchObject(suspension)
  expect((await chat().restore()).result.logs.entries).toBe(5)
})

test('a restore keeps an erased user out while DynamoDB leaves batches of writes undone', async () => {
  const records = new DynamoRecord(chat().client, chat().clock, chat().tables.records)
  await chat().server.remember(startedAt)
  await toLedger(records, newErasure('carol', 'keep', 'root', startedAt + minute))
  const suspension = { user: 'carol', since: startedAt, by: 'root' }
  await new DynamoSuspensions(chat().client, chat().clock, chat().tables.rooms).put(suspension)
  const send = chat().client.send.bind(chat().client)
  jest.spyOn(chat().client, 'send').mockImplementation((async (command: { input: { RequestItems?: object } }) => {
    if (command.constructor.name !== 'BatchWriteItemCommand') return send(command as never)
    return { UnprocessedItems: command.input.RequestItems }
  }) as never)
  await chat().restore()
  const suspensions = new DynamoSuspensions(chat().client, chat().clock, chat().named('rooms'))
  expect(await suspensions.find('carol')).toMatchObject(suspension)
  expect(await suspensions.list('', 10)).toHaveLength(1)
})

test('the next steps are one line each, in the words of the deployment, with an epoch that no earlier one had', () => {
  const done = {
    tables: { rooms: 'R-1', messages: 'M-1', records: 'C-1' },
    messagesStream: 'arn:aws:dynamodb:x:1:table/M-1/stream/2000',
    madeAt: 1_700_000_000,
  }
  const tablesAs =
    '-c tables=rooms=R-1,messages=M-1,records=C-1 -c messagesStream=arn:aws:dynamodb:x:1:table/M-1/stream/2000'
  expect(nextSteps(done, { stack: 'PersistentChat' }).deploy).toBe(`npx cdk deploy ${tablesAs} -c epoch=1700000000`)
  expect(nextSteps(done, { stack: 'PersistentChat' }).before).toContain('deploy it with removal=keep first')
  const other = nextSteps(done, { stack: 'ChatTwo', epoch: "it's 3" })
  expect(other.deploy).toBe(`npx cdk deploy -c stack=ChatTwo ${tablesAs} -c 'epoch=it'\\''s 3'`)
})
