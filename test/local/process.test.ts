import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { allEnded } from '../support/local-run/processes.ts'
import { Client } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'process-'))
const data = join(folder, 'things.db')
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Starts the local run with the echo app. */
async function start(environment: Record<string, string> = {}, command = ['node', '--import', 'tsx', 'local/main.ts']) {
  const [file = '', ...options] = command
  const child = spawn(file, options, {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      PORT: '0',
      APP: 'node --import tsx test/local/synthesize.ts',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal)
  let errorOutput = ''
  child.stderr.on('data', (chunk) => (errorOutput += chunk))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = /^Ready: (ws:\S+)$/.exec(line)?.[1]
      if (ready) resolve(ready)
    })
    // Output may arrive after the exit.
    child.once('close', () => reject(new Error(errorOutput)))
  })
  return { child, url, ended }
}

const open = (url: string) => Client.open(url, [], {})
const put = { operation: 'putItem', input: { TableName: 'things', Item: { pk: { S: 'kept' }, owner: { S: 'me' } } } }
const get = { operation: 'getItem', input: { TableName: 'things', Key: { pk: { S: 'kept' } } } }

test('a run that was killed leaves its data and the key of its issuer to the next run', async () => {
  const mark = randomUUID()
  const first = await start({ DATA: data, RUN_MARK: mark })
  expect(await (await open(first.url)).ask('database', put)).toMatchObject({ status: 200 })
  const keys = async (url: string) => {
    const { variables } = await (await open(url)).ask('environment')
    return (await (await fetch(`${variables.ISSUER}/.well-known/jwks.json`)).json()) as unknown
  }
  const before = await keys(first.url)
  first.child.kill('SIGKILL')
  await first.ended
  // The database ends after the run, and holds the file until then.
  await allEnded(mark)
  expect(statSync(`${data}.issuer.json`).mode & 0o777).toBe(0o600)

  const port = new URL(first.url).port
  const second = await start({ DATA: data, PORT: port })
  expect(await (await open(second.url)).ask('database', get)).toHaveProperty('Item')
  expect(await keys(second.url)).toEqual(before)
  second.child.kill('SIGTERM')
  expect(await second.ended).toBe(0)
})

test.each([
  ['SIGINT', ['node', '--import', 'tsx', 'local/main.ts']],
  ['SIGTERM', ['npm', 'start']],
] as const)('%s ends the run and its connections without waiting for functions', async (signal, command) => {
  const { child, url, ended } = await start({ DATA: data }, [...command])
  const client = await open(url)
  client.send({ action: 'ask', verb: 'hang' })
  await client.ask('event')
  child.kill(signal)
  // The hanging function gets no answer, not even an error.
  expect(await Promise.race([client.text(), client.closed])).toEqual([1001, 'Going away'])
  expect(await ended).toBe(0)
  // The database has ended and closed its log.
  expect(existsSync(`${data}-wal`)).toBe(false)
})

/** Starts a run that fails; resolves with its exit code and its standard error. */
async function fail(environment: Record<string, string>) {
  const child = spawn('node', ['--import', 'tsx', 'local/main.ts'], {
    env: { ...process.env, NODE_OPTIONS: '', PORT: '0', APP: 'node -e 0', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  children.push(child)
  let errorOutput = ''
  child.stderr.on('data', (chunk) => (errorOutput += chunk))
  const [code] = await once(child, 'close')
  return { code, errorOutput }
}

test.each([
  ['PORT', 'abc', 2],
  ['PORT', '99999', 2],
  ['ORIGINS', 'localhost:5173', 2],
  ['ORIGINS', 'http://localhost:5173/chat', 2],
  ['ORIGINS', '*,https://chat.example.com', 2],
  ['SEED', 'x', 2],
  ['DYNAMODB_ENDPOINT', 'localhost:8000', 2],
  ['DYNAMODB_ENDPOINT', 'http://127.0.0.1:1', 1],
  ['DATA', '/nowhere/here.db', 1],
])('%s=%s ends the start with one sentence that names the variable', async (name, value, status) => {
  const { code, errorOutput } = await fail({ [name]: value })
  expect(errorOutput).toMatch(new RegExp(`^[^\\n]*\\b${name}\\b[^\\n]*[.?]\\n$`))
  expect(code).toBe(status)
})

test('a port in use ends the start with one sentence that names the port', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const { code, errorOutput } = await fail({ PORT: String(port) })
  taken.close()
  expect(errorOutput).toBe(`Port ${port} is taken: set PORT to another one, or to 0 for any that is free.\n`)
  expect(code).toBe(1)
})

test('a start prints its first line before it begins to work', async () => {
  const child = spawn('node', ['--import', 'tsx', 'local/main.ts'], {
    // This app never ends, so the line is printed before the synthesis is complete.
    env: { ...process.env, NODE_OPTIONS: '', PORT: '0', APP: 'node -e "setInterval(() => {}, 1000)"' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.push(child)
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  expect(line).toBe('Starting: building the functions and opening the database …')
  child.kill('SIGTERM')
  await once(child, 'exit')
})

test('a synthesis that fails and an unknown fault end the start with an error that names the cause', async () => {
  await expect(start({ APP: 'node -e "console.error(7); process.exit(3)"' })).rejects.toThrow(/ended with 3:\n7/)
  await expect(start({ FAULTS: 'nothing:1' })).rejects.toThrow('There is no fault "nothing"')
})
