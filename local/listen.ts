import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

const reasons: Record<string, string> = { EADDRINUSE: 'is taken', EACCES: 'is not open to you' }

/**
 * Listens on the loopback interface and resolves with the port; 0 takes any free port.
 *
 * @throws Error with one sentence that names PORT, when the port is taken or forbidden
 */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = reasons[error.code ?? '']
      reject(
        reason ? new Error(`Port ${port} ${reason}: set PORT to another one, or to 0 for any that is free.`) : error,
      )
    })
    // Twenty workers open a thousand sockets at once, twice as many as Node's default backlog holds.
    server.listen({ port, host: '127.0.0.1', backlog: 4096 }, resolve)
  })
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address ? address.port : port
}
