import { randomBytes } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { Clock } from '../clock.ts'
import type { Faults } from '../faults/faults.ts'
import type { Caller } from '../iam/identities.ts'
import type { Outcome } from '../lambda/environment.ts'
import type { Api } from '../template/api.ts'
import type { Usage } from '../usage.ts'

/** Known from the moment of the upgrade request on; in the gateway's map only while it is open. */
export interface Connection {
  id: string
  connectedAt: number
  lastActiveAt: number
  sourceIp: string
  userAgent?: string
  /** What the authorizer told, as every event of the connection carries it. */
  authorizer?: Record<string, string | number>
}

export interface OpenConnection extends Connection {
  socket: WebSocket
  /** Closes the socket and tells `$disconnect`; without effect when it is closed. */
  end(code: number, reason: string): void
}

/** What the moments of the gateway share. */
export interface Gateway {
  api: Api
  domainName: string
  clock: Clock
  faults: Faults
  usage: Usage
  log: (line: string) => void
  invoke: (arn: string, event: unknown) => Promise<Outcome>
  caller: (authorization: string | undefined) => Caller | undefined
  connections: Map<string, OpenConnection>
  /** Invocations of `$disconnect` under way. */
  farewells: Set<Promise<void>>
}

/** Eleven random bytes: sixteen characters of base64 that end in `=`, as the cloud's ids do. */
export const mintId = () => randomBytes(11).toString('base64')

const wellFormed = /^[A-Za-z0-9+/]{15}=$/
export const isId = (id: string) => wellFormed.test(id)

/** The gateway's own frames: no envelope of the application, and no id of the request they answer. */
export const errorFrame = (message: string, connectionId: string, requestId: string) =>
  `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`
