import { once } from 'node:events'
import { TLSSocket } from 'node:tls'
import { type Certificate, selfSigned } from '../support/socket/certificate.ts'
import { closeServers, posterAt, serverFor } from '../support/socket/posting.ts'
import { reply } from '../support/socket/raw-server.ts'

afterEach(closeServers)

describe('TLS', () => {
  const [local, address, other] = [selfSigned('localhost'), selfSigned('127.0.0.1'), selfSigned('localhost')]

  async function posterOver(host: string, certificate: Certificate, ca?: string) {
    const handshakes: { servername: string | false | null; reused: boolean }[] = []
    const server = await serverFor((_, socket) => {
      if (socket instanceof TLSSocket)
        handshakes.push({ servername: socket.servername, reused: socket.isSessionReused() })
      socket.end(reply(200))
    }, certificate)
    const post = posterAt(`https://${host}:${server.port}/chat`, ca === undefined ? {} : { ca })
    return { server, post, handshakes }
  }

  test('sends the host name and resumes the session in the next handshake', async () => {
    const { server, post, handshakes } = await posterOver('localhost', local, local.cert)
    for (let count = 1; count <= 2; count++) {
      expect(await post('id', 'frame')).toBe(200)
      const socket = server.sockets.at(-1)
      if (socket && !socket.closed) await once(socket, 'close')
    }
    expect(handshakes).toEqual([
      { servername: 'localhost', reused: false },
      { servername: 'localhost', reused: true },
    ])
  })

  test('sends no host name for an IP address', async () => {
    const { post, handshakes } = await posterOver('127.0.0.1', address, address.cert)
    expect(await post('id', 'frame')).toBe(200)
    expect(handshakes).toEqual([{ servername: false, reused: false }])
  })

  test.each([
    ['of an unknown authority', 'localhost', local, undefined],
    ['of another authority', 'localhost', local, other.cert],
    ['for another host', '127.0.0.1', local, local.cert],
  ])('rejects a certificate %s without sending the post', async (_, host, certificate, ca) => {
    const { server, post } = await posterOver(host, certificate, ca)
    expect(await post('id', 'frame')).toBe('lost')
    expect(server.requests).toEqual([])
  })
})
