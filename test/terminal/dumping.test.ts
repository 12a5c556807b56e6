import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { codeFor } from '../../terminal/command/start.ts'
import { dump } from '../../terminal/dump/command.ts'
import { load } from '../../terminal/load/command.ts'
import { type Item, lineOf, tallyOf } from '../../terminal/tables/item.ts'
import { capturedOutput } from '../support/captured-output.ts'
import { type Database, database, type Tables } from '../support/dynamodb/dynamodb.ts'
import { forwarding } from '../support/dynamodb/forwarding.ts'

const messagesEach = 30
const logs = 12

/** Items with every type that DynamoDB has, and texts with every line end. */
const oddItem: Item = {
  pk: { S: 'odd\u2028\r\n\u0085"' },
  sk: { S: 'odd' },
  bytes: { B: new Uint8Array([0, 255, 10, 13]) },
  number: { N: '-12345678901234567890.123456789' },
  no: { BOOL: false },
  nothing: { NULL: true },
  words: { SS: ['b', 'a', 'ä'] },
  numbers: { NS: ['10', '9', '0.5'] },
  blobs: { BS: [new Uint8Array([2]), new Uint8Array([1, 0])] },
  list: { L: [{ S: '' }, { L: [] }, { M: { z: { N: '1' }, a: { B: new Uint8Array() } } }] },
}

let source: Database
let target: Database
let names: Tables
const folders: string[] = []

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'dump-'))
  folders.push(made)
  return made
}

async function fill(client: DynamoDBClient): Promise<void> {
  const put = (TableName: string, Item: Item) => client.send(new PutItemCommand({ TableName, Item }))
  for (let log = 0; log < logs; log++) {
    await put(names.rooms, { pk: { S: `room#${log}` }, sk: { S: 'room' }, name: { S: `Room ${log}` } })
    const puts = Array.from({ length: messagesEach }, (_, seq) =>
      // Large enough that a table has several pages of a megabyte.
      put(names.messages, {
        roomId: { S: `${log}` },
        seq: { N: `${seq}` },
        text: { S: `${seq} `.padEnd(12_000, 'é') },
      }),
    )
    await Promise.all(puts)
  }
  await put(names.rooms, oddItem)
}

async function itemsOf(client: DynamoDBClient, TableName: string): Promise<string[]> {
  const lines: string[] = []
  let start: Item | undefined
  do {
    const page = await client.send(new ScanCommand({ TableName, ...(start && { ExclusiveStartKey: start }) }))
    lines.push(...(page.Items ?? []).map(lineOf))
    start = page.LastEvaluatedKey
  } while (start)
  return lines.sort()
}

/** The tables of a database, as options. */
const tablesOf = ({ rooms, messages, records }: Tables) => [
  '--rooms',
  rooms,
  '--messages',
  messages,
  '--records',
  records,
]

interface Outcome {
  code: number | null
  out: string
  error: string
}

function begin(endpoint: string, argv: readonly string[]): { child: ChildProcess; ended: Promise<Outcome> } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'terminal/main.ts', ...argv], {
    env: { ...process.env, NODE_OPTIONS: '', AWS_ENDPOINT_URL_DYNAMODB: endpoint },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { out: '', error: '' }
  child.stdout.on('data', (chunk) => {
    texts.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    texts.error += chunk
  })
  return { child, ended: once(child, 'close').then(([code]: (number | null)[]) => ({ code: code ?? null, ...texts })) }
}

/** Runs a command in this process. */
async function run(endpoint: string, ...[name, ...argv]: string[]): Promise<Outcome> {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint
  const { output, printed } = capturedOutput(argv.includes('--json'))
  const code = name === 'dump' ? await codeFor(dump, argv, output) : await codeFor(load, argv, output)
  return { code, ...printed() }
}

/** Runs a command, and kills it when it has made so many calls of an operation. */
async function killed(at: string, operation: string, calls: number, ...argv: string[]): Promise<Outcome> {
  let made = 0
  let child: ChildProcess | undefined
  const front = await forwarding(
    at,
    async () => undefined,
    (called) => {
      if (called !== operation || ++made <= calls) return
      child?.kill('SIGKILL')
      // It reaches the database no more.
      return new Promise(() => {})
    },
  )
  try {
    const begun = begin(front.endpoint, argv)
    child = begun.child
    return await begun.ended
  } finally {
    front.stop()
  }
}

let from: string
let to: string

beforeAll(async () => {
  source = await database()
  from = String(process.env.AWS_ENDPOINT_URL_DYNAMODB)
  names = source.tables
  await fill(source.client())
  target = await database()
  to = String(process.env.AWS_ENDPOINT_URL_DYNAMODB)
})

afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()])
  for (const each of folders) rmSync(each, { recursive: true })
})

const messagesIn = (out: string) => readFileSync(join(out, 'messages.jsonl'), 'utf8').split('\n').filter(Boolean)

describe('a dump that is killed in the middle, and a load of it that is killed too', () => {
  test('bring every item of every type to the new tables, each once', async () => {
    const out = folder()
    const dumping = ['dump', '--out', out, '--segments', '3', ...tablesOf(source.tables)]
    expect((await killed(from, 'Scan', 6, ...dumping)).code).toBeNull()
    const cut = messagesIn(out).length
    expect(cut).toBeGreaterThan(0)
    expect(cut).toBeLessThan(logs * messagesEach)
    // A crash of the machine can leave more in the file than the state knows of.
    appendFileSync(join(out, 'messages.jsonl'), '{"roomId":{"S":"torn')

    const again = await run(from, ...dumping)
    expect(again).toMatchObject({ code: 0 })
    expect(again.error).toMatch(/messages: going on behind \d+ items/)
    const { items, checksum } = tallyOf(await itemsOf(source.client(), names.messages))
    expect(items).toBe(logs * messagesEach)
    expect(again.out).toContain(`messages: ${items} items, checksum ${checksum}\n`)
    expect([...messagesIn(out)].sort()).toEqual(await itemsOf(source.client(), names.messages))

    const loading = ['load', '--in', out, ...tablesOf(target.tables)]
    expect((await killed(to, 'BatchWriteItem', 9, ...loading)).code).toBeNull()
    const stored = (await itemsOf(target.client(), target.tables.messages)).length
    expect(stored).toBeGreaterThan(0)
    expect(stored).toBeLessThan(items)
    const loaded = await run(to, ...loading)
    expect(loaded).toMatchObject({ code: 0 })
    expect(loaded.error).toMatch(/messages: going on behind \d+ bytes/)
    expect(loaded.out).toBe(again.out)
    for (const kind of ['rooms', 'messages', 'records'] as const)
      expect(await itemsOf(target.client(), target.tables[kind])).toEqual(await itemsOf(source.client(), names[kind]))
  })
})

describe('a dump', () => {
  test('is refused into a folder that has a whole one, and into one that has other files of these names', async () => {
    const [out, other] = [folder(), folder()]
    const options = tablesOf(source.tables)
    expect((await run(from, 'dump', '--out', out, ...options)).code).toBe(0)
    const again = await run(from, 'dump', '--out', out, ...options)
    expect(again).toMatchObject({ code: 1, out: '' })
    expect(again.error).toMatch(/^"[^\n]+" holds a whole dump of [^\n]+ already: choose another folder by --out\.\n$/)
    writeFileSync(join(other, 'rooms.jsonl'), 'mine')
    const refusal = await run(from, 'dump', '--out', other, ...options)
    expect(refusal.error).toMatch(/rooms\.jsonl" cannot be written: EEXIST[^\n]+Choose another folder by --out\.\n$/)
    expect(readFileSync(join(other, 'rooms.jsonl'), 'utf8')).toBe('mine')
  })

  test.each([
    ['that does not exist', ['--rooms', 'none'], /^There is no table "none" in this account and Region: [^\n]+\n$/],
    [
      'twice',
      ['--rooms', 'x', '--messages', 'x'],
      /^--rooms, --messages and --records must name three tables\. Try --help\.\n$/,
    ],
    [
      'of another stack',
      [],
      /^There is no table of rooms of the stack "PersistentChat" in this account and Region: name /,
    ],
  ])('of a table %s is refused with one sentence', async (_, argv, told) => {
    const rest = argv.length === 0 ? [] : tablesOf(source.tables).slice(argv.length)
    const { code, out, error } = await run(from, 'dump', '--out', folder(), ...argv, ...rest)
    expect([code === 0, out]).toEqual([false, ''])
    expect(error).toMatch(told)
  })

  test('of an account that cannot be reached is refused with one sentence', async () => {
    const { code, error } = await run(
      'http://127.0.0.1:1',
      'dump',
      '--out',
      folder(),
      '--json',
      ...tablesOf(source.tables),
    )
    expect(code).toBe(1)
    expect(JSON.parse(error)).toMatchObject({ error: { code: 'unreachable' } })
  })
})

describe('a load', () => {
  let out: string
  beforeAll(async () => {
    out = folder()
    expect((await run(from, 'dump', '--out', out, ...tablesOf(source.tables))).code).toBe(0)
  })

  test('into a table that is not empty is refused, and stores nothing', async () => {
    const before = await itemsOf(source.client(), names.messages)
    const { code, error } = await run(from, 'load', '--in', out, ...tablesOf(source.tables))
    expect(code).toBe(1)
    expect(error).toMatch(
      /"Rooms-[^"]+" is not empty: a dump is loaded into new tables only, before anybody connects\.\n$/,
    )
    expect(await itemsOf(source.client(), names.messages)).toEqual(before)
  })

  test('into a table with another key is refused', async () => {
    const { rooms, messages, records } = source.tables
    const { error } = await run(
      from,
      'load',
      '--in',
      out,
      '--rooms',
      messages,
      '--messages',
      rooms,
      '--records',
      records,
    )
    expect(error).toContain(
      `"${messages}" is no table for rooms: its key is roomId S, seq N and must be pk S, sk S; it has`,
    )
  })

  test('of a file in which one letter is another is refused', async () => {
    const copy = folder()
    for (const name of ['rooms', 'messages', 'records'])
      for (const kind of ['jsonl', 'dump.json'])
        writeFileSync(join(copy, `${name}.${kind}`), readFileSync(join(out, `${name}.${kind}`)))
    const path = join(copy, 'rooms.jsonl')
    writeFileSync(path, readFileSync(path, 'utf8').replace('Room 7', 'Room 9'))
    const { code, error } = await run(to, 'load', '--in', copy, ...tablesOf(target.tables))
    expect(code).toBe(1)
    expect(error).toMatch(/rooms\.jsonl" has 13 items with another checksum than the 13 that were dumped\.\n$/)
  })

  test('of an unfinished dump is refused', async () => {
    const { error } = await run(to, 'load', '--in', folder(), ...tablesOf(target.tables))
    expect(error).toMatch(/^There is no dump of rooms in "[^\n]+"\.\n$/)
  })
})
