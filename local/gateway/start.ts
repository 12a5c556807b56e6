import type { Gateway } from './connections.ts'
import { management } from './management.ts'
import { upgrades } from './upgrade.ts'

/** How long a run that ends waits for `$disconnect` of its open connections. */
const disconnectWaitMs = 700

export function startGateway(parts: Omit<Gateway, 'connections' | 'runningDisconnects'>) {
  const gateway: Gateway = { ...parts, connections: new Map(), runningDisconnects: new Set() }
  const settled = async () => {
    while (gateway.runningDisconnects.size > 0) await Promise.all(gateway.runningDisconnects)
  }
  return {
    upgrade: upgrades(gateway),
    management: management(gateway),
    settled,
    async stop() {
      const sockets = [...gateway.connections.values()].map((connection) => {
        connection.end(1001, 'Going away')
        return connection.socket
      })
      let cancel = () => {}
      await Promise.race([
        settled(),
        new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, disconnectWaitMs)
          cancel = () => clearTimeout(timer)
        }),
      ])
      cancel()
      for (const socket of sockets) socket.terminate()
    },
  }
}
