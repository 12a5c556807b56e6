import type { Gateway } from './connections.ts'
import { management } from './management.ts'
import { upgrades } from './upgrade.ts'

/** How long an ending run waits for `$disconnect` of those who were connected. */
const farewellMs = 700

export function startGateway(parts: Omit<Gateway, 'connections' | 'farewells'>) {
  const gateway: Gateway = { ...parts, connections: new Map(), farewells: new Set() }
  const settled = async () => {
    while (gateway.farewells.size > 0) await Promise.all(gateway.farewells)
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
          const timer = setTimeout(resolve, farewellMs)
          cancel = () => clearTimeout(timer)
        }),
      ])
      cancel()
      for (const socket of sockets) socket.terminate()
    },
  }
}
