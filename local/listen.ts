import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

const reasons: Record<string, string> = { EADDRINUSE: 'is taken', EACCES: 'is not open to you' }

/**
 * Opens a port of this machine alone, and resolves with its number; 0 takes any free one.
 *
 * @throws Error with one sentence that names PORT where the port cannot be had
 */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = reasons[error.code ?? '']
      reject(
        reason ? new Error(`Port ${port} ${reason}: set PORT to another one, or to 0 for any that is free.`) : error,
      )
    })
    // Twenty workers open a thousand sockets at once, twice what Node keeps waiting by itself.
    server.listen({ port, host: '127.0.0.1', backlog: 4096 }, resolve)
  })
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address ? address.port : port
}
