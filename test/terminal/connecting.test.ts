import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { ChatClient } from '../../client/index.ts'
import { Failure } from '../../terminal/command/failure.ts'
import { type Connected, connect } from '../../terminal/connect.ts'
import { tokenFor } from '../../terminal/token.ts'
import { ManualClock, settled } from '../client/manual-clock.ts'

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

let [close, clients]: [() => void, ChatClient[]] = [() => undefined, []]
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
  close()
})

/** Starts a server that handles each WebSocket handshake in this way. Returns its URL and the number of handshakes. */
async function serverThat(upgrade: Upgrade) {
  let handshakes = 0
  const sockets = new Set<Duplex>()
  const server = createServer((_, response) => response.end('a page')).on('upgrade', (request, socket, head) => {
    handshakes++
    sockets.add(socket.on('error', () => undefined))
    upgrade(request, socket, head)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `ws://127.0.0.1:${port}/chat`, handshakes: () => handshakes }
}

const refusing =
  (status: number): Upgrade =>
  (_, socket) =>
    socket.end(`HTTP/1.1 ${status} Because\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)

/** Accepts each WebSocket and answers every request with the id of this user. */
function accepting(user = () => 'alice'): Upgrade {
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => 'chat.v1' })
  return (request, socket, head) =>
    server.handleUpgrade(request, socket, head, (far) => {
      far.on('message', (data) => {
        const { id } = JSON.parse(String(data))
        far.send(JSON.stringify({ id, ok: true, user: user() }))
      })
    })
}

interface Attempt {
  outcome: Promise<Connected | Failure>
  clock: ManualClock
  /** Resolves when the client waits for its next attempt. */
  waiting: Promise<void>
  downs: number
}

function attempt(url: string, token: () => Promise<string> = async () => 'jwt'): Attempt {
  const clock = new ManualClock()
  let told = (): void => undefined
  const waiting = new Promise<void>((resolve) => {
    told = resolve
  })
  const attempted: Attempt = { clock, waiting, downs: 0, outcome: Promise.resolve(new Failure('')) }
  const onDown = () => {
    attempted.downs++
  }
  attempted.outcome = connect({ url, token, timeout: 4, clock, onDown }, (options) => {
    // With this number the attempts follow each other almost at once.
    const client = new ChatClient({ ...options, random: () => 0.02 })
    clients.push(client)
    client.on('state', ({ state }) => {
      if (state === 'waiting') told()
    })
    return client
  }).catch((error: unknown) => (error instanceof Failure ? error : Promise.reject(error)))
  return attempted
}

const failureOf = async ({ outcome }: Attempt): Promise<Failure> => {
  const failure = await outcome
  if (failure instanceof Failure) return failure
  throw new Error('The attempt succeeded.')
}

describe('connect reports a permanent failure at once', () => {
  test.each([
    [401, 'unauthorized', 'refuses the token (401). Set CHAT_TOKEN to a valid token that has not expired.'],
    [403, 'misconfigured', 'refuses the connection (403): the user is suspended, or the path of --url is wrong.'],
    [404, 'misconfigured', 'No chat answers at'],
    [200, 'misconfigured', 'No chat answers at'],
  ])('if the server answers %i', async (status, code, sentence) => {
    const { url, handshakes } = await serverThat(refusing(status))
    const failure = await failureOf(attempt(url))
    expect([failure.code, failure.exitCode]).toEqual([code, 1])
    expect(failure.message).toContain(sentence)
    expect(failure.message).toContain(url)
    expect(handshakes()).toBe(1)
  })

  test('without the query of the URL, which may contain a token', async () => {
    const { url } = await serverThat(refusing(404))
    const failure = await failureOf(attempt(`${url}?token=a.secret.b`))
    expect(failure.message).toContain(`${url}?…`)
    expect(failure.message).not.toContain('secret')
  })

  test('if the token has invalid characters', async () => {
    const { url } = await serverThat(accepting())
    const failure = await failureOf(attempt(url, async () => 'two words'))
    expect([failure.code, failure.message]).toEqual([
      'unauthorized',
      'CHAT_TOKEN is no token (the token callback gave no JWT).',
    ])
  })

  test('if there is no token', async () => {
    const { url, handshakes } = await serverThat(accepting())
    const none = new Failure('Set CHAT_TOKEN to a token.', 'unauthorized')
    expect(await failureOf(attempt(url, () => Promise.reject(none)))).toBe(none)
    expect(handshakes()).toBe(0)
  })
})

describe('connect reports a temporary failure with its cause after the timeout', () => {
  test('if the server is overloaded, after several attempts', async () => {
    let askedTwice = (): void => undefined
    const twice = new Promise<void>((resolve) => {
      askedTwice = resolve
    })
    const { url, handshakes } = await serverThat((request, socket, head) => {
      refusing(503)(request, socket, head)
      if (handshakes() === 2) askedTwice()
    })
    const attempted = attempt(url)
    await twice
    await attempted.clock.pass(4000)
    const failure = await failureOf(attempted)
    expect(failure.code).toBe('unreachable')
    expect(failure.message).toBe(`There is no connection to ${url} after 4 seconds: the server answers 503.`)
  })

  test('if no server listens on the port', async () => {
    const { url } = await serverThat(accepting())
    close()
    const attempted = attempt(url)
    await attempted.waiting
    await attempted.clock.pass(4000)
    expect((await failureOf(attempted)).message).toMatch(/after 4 seconds: connect ECONNREFUSED 127\.0\.0\.1:\d+\.$/)
  })

  test('if the server cannot give a token', async () => {
    const server = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    close = () => server.close()
    const url = `ws://127.0.0.1:${Object(server.address()).port}/chat`
    const attempted = attempt(url, () => tokenFor(url, { user: 'alice' }))
    await attempted.waiting
    await attempted.clock.pass(4000)
    expect((await failureOf(attempted)).message).toBe(
      `There is no connection to ${url} after 4 seconds: the server answers 503.`,
    )
  })

  test('if the server never answers', async () => {
    let asked = (): void => undefined
    const handshake = new Promise<void>((resolve) => {
      asked = resolve
    })
    const { url } = await serverThat(() => asked())
    const attempted = attempt(url)
    await handshake
    await attempted.clock.pass(4000)
    expect((await failureOf(attempted)).message).toBe(`There is no connection to ${url} after 4 seconds: no answer.`)
  })

  test('but not if the server recovers in time', async () => {
    const accept = accepting()
    let refusals = 2
    const { url } = await serverThat((request, socket, head) =>
      (refusals-- > 0 ? refusing(503) : accept)(request, socket, head),
    )
    const connected = await attempt(url).outcome
    expect(connected).toMatchObject({ client: { state: 'connected' }, lost: { aborted: false } })
  })
})

describe('a lost connection', () => {
  test('is made again, even after a 403, and is given up when the token is refused', async () => {
    const accept = accepting()
    const sockets: Duplex[] = []
    const answers = [accept, refusing(403), accept, refusing(401)]
    const { url } = await serverThat((request, socket, head) => {
      sockets.push(socket)
      answers.shift()?.(request, socket, head)
    })
    const attempted = attempt(url)
    const connected = await attempted.outcome
    if (connected instanceof Failure) throw connected
    const { client, lost } = connected
    const again = new Promise<void>((resolve) => {
      client.on('state', ({ state }) => {
        if (state === 'connected') resolve()
      })
    })
    sockets.at(-1)?.destroy()
    await again
    expect(attempted.downs).toBe(2)
    const aborted = once(lost, 'abort')
    sockets.at(-1)?.destroy()
    await aborted
    expect(lost.reason).toMatchObject({ code: 'unauthorized' })
    await settled()
    expect(client.state).toBe('closed')
  })

  test('is given up at once when the next token is for another user', async () => {
    const users = ['alice', 'mallory']
    let user = ''
    const accept = accepting(() => user)
    const sockets: Duplex[] = []
    const { url } = await serverThat((request, socket, head) => {
      user = users.shift() ?? ''
      sockets.push(socket)
      accept(request, socket, head)
    })
    const attempted = attempt(url)
    const connected = await attempted.outcome
    if (connected instanceof Failure) throw connected
    const aborted = once(connected.lost, 'abort')
    sockets.at(-1)?.destroy()
    await aborted
    expect(connected.lost.reason).toMatchObject({ name: 'Failure', message: 'The token is of another user.' })
    expect(attempted.downs).toBe(1)
  })
})
