import { randomBytes } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { Clock } from '../clock.ts'
import type { Platform } from '../cloudwatch/platform.ts'
import type { Faults } from '../faults/faults.ts'
import type { Caller } from '../iam/identities.ts'
import type { InvocationResult } from '../lambda/environment.ts'
import type { Api } from '../template/api.ts'
import type { Usage } from '../usage.ts'

/** A connection, from its upgrade request on. The gateway's map holds it only while it is open. */
export interface Connection {
  id: string
  connectedAt: number
  lastActiveAt: number
  sourceIp: string
  userAgent?: string
  /** The authorizer's context, which every event of the connection carries. */
  authorizer?: Record<string, string | number>
}

export interface OpenConnection extends Connection {
  socket: WebSocket
  /** Closes the socket and invokes `$disconnect`; has no effect on a closed connection. */
  end(code: number, reason: string): void
}

/** The state and the ports that all parts of the gateway share. */
export interface Gateway {
  api: Api
  domainName: string
  clock: Clock
  faults: Faults
  usage: Usage
  platform: Platform
  log: (line: string) => void
  invoke: (arn: string, event: unknown) => Promise<InvocationResult>
  caller: (authorization: string | undefined) => Caller | undefined
  connections: Map<string, OpenConnection>
  /** Invocations of `$disconnect` that have not ended. */
  runningDisconnects: Set<Promise<void>>
}

/** An id like those of API Gateway: eleven random bytes in base64, sixteen characters that end in `=`. */
export const newId = () => randomBytes(11).toString('base64')

const wellFormed = /^[A-Za-z0-9+/]{15}=$/
export const isId = (id: string) => wellFormed.test(id)

/** A frame of the gateway itself, in the form that API Gateway sends; it does not name the request. */
export const errorFrame = (message: string, connectionId: string, requestId: string) =>
  `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`
