import { once } from 'node:events'
import { TLSSocket } from 'node:tls'
import { type Certificate, selfSigned } from '../support/socket/certificate.ts'
import { closePeers, peerFor, posterAt } from '../support/socket/posting.ts'
import { reply } from '../support/socket/raw-peer.ts'

afterEach(closePeers)

describe('TLS', () => {
  const [local, address, other] = [selfSigned('localhost'), selfSigned('127.0.0.1'), selfSigned('localhost')]

  async function posterOver(host: string, certificate: Certificate, ca?: string) {
    const seen: { servername: string | false | null; reused: boolean }[] = []
    const peer = await peerFor((_, socket) => {
      if (socket instanceof TLSSocket) seen.push({ servername: socket.servername, reused: socket.isSessionReused() })
      socket.end(reply(200))
    }, certificate)
    const post = posterAt(`https://${host}:${peer.port}/chat`, ca === undefined ? {} : { ca })
    return { peer, post, seen }
  }

  test('names the host, and what one handshake settled is used in the next', async () => {
    const { peer, post, seen } = await posterOver('localhost', local, local.cert)
    for (let count = 1; count <= 2; count++) {
      expect(await post('id', 'frame')).toBe(200)
      const socket = peer.sockets.at(-1)
      if (socket && !socket.closed) await once(socket, 'close')
    }
    expect(seen).toEqual([
      { servername: 'localhost', reused: false },
      { servername: 'localhost', reused: true },
    ])
  })

  test('an address is no name', async () => {
    const { post, seen } = await posterOver('127.0.0.1', address, address.cert)
    expect(await post('id', 'frame')).toBe(200)
    expect(seen).toEqual([{ servername: false, reused: false }])
  })

  test.each([
    ['that nobody vouches for', 'localhost', local, undefined],
    ['of somebody else', 'localhost', local, other.cert],
    ['for another host', '127.0.0.1', local, local.cert],
  ])('a certificate %s gets no post', async (_, host, certificate, ca) => {
    const { peer, post } = await posterOver(host, certificate, ca)
    expect(await post('id', 'frame')).toBe('lost')
    expect(peer.requests).toEqual([])
  })
})
