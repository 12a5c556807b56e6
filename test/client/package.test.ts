import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { aClientWorld } from './world.ts'

/** Tests of the installed package. */

const world = aClientWorld()
const run = promisify(execFile)
const quiet = { env: { ...process.env, NODE_OPTIONS: '', npm_config_loglevel: 'error' } }

const program = (url: string, token: string, roomId: string, ws: string) => `
import { ChatClient, ChatError, type ChatRoomSession, FormattedMessage, type Message } from 'persistent-chat-client'
import WebSocket from ${JSON.stringify(ws)}

const client: ChatClient = new ChatClient({ url: ${JSON.stringify(url)}, token: () => ${JSON.stringify(token)}, webSocket: WebSocket })
await client.connect()
const session: ChatRoomSession = client.session()
const heard = new Promise<Message>((resolve) => session.on('message', resolve))
await session.join({ roomId: ${JSON.stringify(roomId)} })
await session.send(new FormattedMessage().appendText('Packed').appendEmoticon('smile').toMessage())
const { seq, text } = await heard
const refusal: unknown = await client.session().join('No such room').catch((error: unknown) => error)
client.close()
console.log(JSON.stringify({ seq, text, code: refusal instanceof ChatError && refusal.code }))
`

describe('the package', () => {
  let folder: string
  let tarball: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'client-'))
    await run('npm', ['run', '--silent', 'build:client'], quiet)
    const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { ...quiet, cwd: 'client' })
    const [entry]: { filename: string }[] = Object.values(JSON.parse(packed.stdout))
    tarball = join(folder, entry?.filename ?? '')
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'guest', type: 'module', private: true }))
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { ...quiet, cwd: folder })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('has no dependencies', async () => {
    const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'))
    expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/persistent-chat-client'])
  })

  it('type-checks in a program, including its own declarations, without types of a platform', async () => {
    await writeFile(
      join(folder, 'types.ts'),
      "import { ChatClient } from 'persistent-chat-client'\nexport const take = (client: ChatClient) => client.session().send('x')\n",
    )
    const strict = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--types', '', '--lib', 'es2023']
    const flags = [...strict, '--module', 'nodenext', '--exactOptionalPropertyTypes', 'types.ts']
    await run(process.execPath, [join(process.cwd(), 'node_modules/typescript/bin/tsc'), ...flags], { cwd: folder })
  })

  it('can send and receive messages', async () => {
    const room = await world().room()
    const { url } = world().deployment
    const require = createRequire(join(process.cwd(), 'package.json'))
    const ws = require.resolve('ws').replace(/index\.js$/, 'wrapper.mjs')
    const source = program(url, await world().deployment.token('alice'), room.roomId, ws)
    await writeFile(join(folder, 'talk.ts'), source)
    await build({
      entryPoints: [join(folder, 'talk.ts')],
      outfile: join(folder, 'talk.mjs'),
      format: 'esm',
      platform: 'node',
    })
    const { stdout } = await run(process.execPath, ['talk.mjs'], { ...quiet, cwd: folder })
    expect(JSON.parse(stdout)).toEqual({ seq: 1, text: 'Packed:)', code: 'not_found' })
  })

  it('is smaller than 16 kB, minified and compressed', async () => {
    const entry = join(folder, 'node_modules/persistent-chat-client/dist/index.js')
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    })
    const size = gzipSync(outputFiles[0]?.contents ?? '').length
    expect(size).toBeGreaterThan(4096)
    expect(size).toBeLessThan(16_000)
  })
})
