import { arnOf } from '../support/dynamodb/point-in-time.ts'
import { type Asked, aRestorable, minute, startedAt } from '../support/dynamodb/restorable.ts'

const chat = aRestorable()

describe('a restore', () => {
  test('makes new tables as they were at one time, with everything set that a restore loses', async () => {
    const before = await chat().items(chat().tables.messages)
    chat().server.settings(chat().tables.records).timeToLive = 'expiresAt'
    await chat().say(5, 'carol')
    await chat().server.remember(startedAt + minute)
    const { result, waited } = await chat().restore({ at: startedAt })
    expect(result).toMatchObject({
      at: new Date(startedAt).toISOString(),
      tables: { rooms: chat().named('rooms'), messages: chat().named('messages'), records: chat().named('records') },
      messagesStream: `${arnOf(chat().named('messages'))}/stream/2000-01-01T00:00:00.000`,
      logs: { logs: 1, entries: 4, holes: [], withoutLog: [] },
      isMended: true,
      erasures: 0,
    })
    expect(waited).toBeGreaterThan(0)
    expect(await chat().items(chat().named('messages'))).toEqual(before)
    for (const kind of ['rooms', 'messages', 'records'] as const)
      expect(chat().server.settings(chat().named(kind))).toMatchObject({
        isProtected: true,
        isBackedUp: true,
        stream: kind === 'messages' ? 'NEW_IMAGE' : undefined,
        timeToLive: kind === 'records' ? 'expiresAt' : undefined,
      })
  })

  test('protects the old tables from deletion, since a deployment may take them out of the stack', async () => {
    const sources = Object.values({ ...chat().tables }).filter((name) => /^(Rooms|Messages|Records)/.test(name))
    expect(sources).toHaveLength(3)
    for (const source of sources) chat().server.settings(source).isProtected = false
    const { told } = await chat().restore()
    for (const source of sources) {
      expect(chat().server.settings(source).isProtected).toBe(true)
      expect(told).toContain(`protecting "${source}" from deletion`)
    }
  })

  test('goes to the whole second before a time with a fraction, also when it goes on', async () => {
    for (let call = 0; call < 2; call++)
      expect((await chat().restore({ at: startedAt + 700 })).result.at).toBe(new Date(startedAt).toISOString())
  })

  test('goes to the latest time at which every table can be restored', async () => {
    await chat().server.remember(startedAt + minute + 700)
    expect((await chat().restore()).result.at).toBe(new Date(startedAt + minute).toISOString())
  })

  test('goes on where it stopped, at whichever call that was', async () => {
    const calls = ['RestoreTableToPointInTime', 'UpdateTable', 'UpdateContinuousBackups', 'Query', 'Scan']
    for (const call of calls) {
      const suffix = `from-${call}`
      const send = chat().client.send.bind(chat().client)
      let [made, isCut] = [0, false]
      // The second such call for a new table fails, as when the network goes away.
      const cut = jest.spyOn(chat().client, 'send').mockImplementation((async (command: { input: object }) => {
        const isNew = JSON.stringify(command.input).includes(suffix)
        const isProbe = chat().server.settings(chat().named('messages', suffix)).restored === undefined
        if (
          isNew &&
          command.constructor.name.startsWith(call) &&
          (!isProbe || call.startsWith('Restore')) &&
          ++made >= 2
        ) {
          isCut = true
          throw new Error('socket hang up')
        }
        return send(command as never)
      }) as never)
      const stopped = await chat().restore({ at: startedAt, suffix })
      expect([call, isCut, String(stopped.result)]).toEqual([
        call,
        true,
        'Failure: DynamoDB cannot be reached: socket hang up.',
      ])
      cut.mockRestore()
      expect((await chat().restore({ suffix })).result).toMatchObject({
        at: new Date(startedAt).toISOString(),
        isMended: true,
      })
      const begun = chat().server.changes.filter((change) => change.startsWith('Restore') && change.includes(suffix))
      expect(begun).toHaveLength(3)
    }
  })

  test('that was finished changes nothing when it is called again', async () => {
    const first = await chat().restore()
    const changes = chat().server.changes.length
    const again = await chat().restore()
    expect(again.result).toEqual({ ...first.result, seconds: again.result.seconds })
    expect(chat().server.changes).toHaveLength(changes)
  })
})

describe('a restore is refused, before anything is changed,', () => {
  const cases: [string, () => Asked | Promise<Asked>, RegExp][] = [
    ['for a table that is not there', () => ({ of: { rooms: 'none' } }), /^There is no table "none" in this account/],
    [
      'for a table of another kind',
      () => ({ of: { rooms: chat().tables.records, records: chat().tables.rooms } }),
      /is no table of rooms: it has no index byCategory; it has no index byPrincipal\.$/,
    ],
    [
      'for a time before the backups',
      () => ({ at: startedAt - 1000 }),
      /^--at is [^ ]+, and "[^"]+" can be restored from /,
    ],
    [
      'for a time ahead of them',
      () => ({ at: startedAt + minute }),
      /^--at is [^ ]+, and "[^"]+" can be restored from /,
    ],
    ['for a suffix that is no name', () => ({ suffix: 'a b' }), /^--suffix makes "[^"]+ b", and a name has 3 to 255/],
    [
      'without backups',
      () => {
        chat().server.settings(chat().tables.records).isBackedUp = false
        return {}
      },
      /^The point-in-time recovery of "Records-[^"]+" is off/,
    ],
    ...[
      'RestoreTableToPointInTime',
      'UpdateTable',
      'UpdateContinuousBackups',
      'Scan',
      'Query',
      'DescribeTimeToLive',
    ].map((action): [string, () => Asked, RegExp] => [
      `without the permission for ${action}`,
      () => {
        chat().server.denied.add(action)
        return {}
      },
      new RegExp(`^These credentials lack the permission dynamodb:${action} on "[^"]+": [^\n]+\\.$`),
    ]),
  ]

  test.each(cases)('%s', async (_, asked, told) => {
    const { result } = await chat().restore(await asked())
    expect(result).toBeInstanceOf(Error)
    expect((result as unknown as Error).message).toMatch(told)
    expect(chat().server.changes.filter((change) => !change.startsWith('Restore'))).toEqual([])
    chat().server.denied.clear()
    expect((await chat().server.ask('ListTables', {})).body.TableNames).toHaveLength(5)
  })

  test('where the name is that of another table', async () => {
    const { result } = await chat().restore({ suffix: 'x' })
    expect(result).not.toBeInstanceOf(Error)
    chat().server.settings(chat().named('rooms', 'x')).restored = undefined
    const again = await chat().restore({ suffix: 'x' })
    expect(String(again.result)).toMatch(
      /"Rooms-[^"]+-x" exists and is no restored "Rooms-[^"]+": choose another --suffix\.$/,
    )
  })

  test('where an earlier restore of the same name went to another time, or is more than a day old', async () => {
    await chat().server.remember(startedAt + minute)
    await chat().restore({ at: startedAt })
    const other = await chat().restore({ at: startedAt + minute })
    expect(String(other.result)).toMatch(
      /are being restored to [^ ]+: give that as --at to go on, or another --suffix\.$/,
    )
    const late = await chat().restore({ now: startedAt + 25 * 60 * minute })
    expect(String(late.result)).toMatch(/are of a restore to [^ ]+, more than a day ago: give that as --at/)
    expect((await chat().restore({ at: startedAt, now: startedAt + 25 * 60 * minute })).result.isMended).toBe(true)
  })
})
