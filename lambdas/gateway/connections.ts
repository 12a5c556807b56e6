import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  ForbiddenException,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import type { Pace } from '../domain/log.ts'

/** What became of a frame. A `failed` one is repaired by its receiver, who sees the gap in the numbers. */
export type Outcome = 'delivered' | 'gone' | 'failed'

export interface Connections {
  post(connectionId: string, frame: string): Promise<Outcome>
  /** Ends the connection. It does not matter whether it was still there. */
  close(connectionId: string): Promise<Outcome>
}

/** A post that hangs must not hold the others: the SDK waits for ever unless told to throw. */
const deadlineMs = 1500
const tries = 2

/** The SDK opens 50 sockets unless told, which would queue posts behind slow ones. */
const sockets = 100

export class GatewayConnections implements Connections {
  readonly #client: ApiGatewayManagementApiClient
  readonly #pace: Pace

  constructor(endpoint: string, pace: Pace) {
    this.#pace = pace
    this.#client = new ApiGatewayManagementApiClient({
      endpoint,
      maxAttempts: 1,
      requestHandler: {
        connectionTimeout: 500,
        requestTimeout: deadlineMs,
        throwOnRequestTimeout: true,
        httpsAgent: { maxSockets: sockets, keepAlive: true },
        httpAgent: { maxSockets: sockets, keepAlive: true },
      },
    })
  }

  post(connectionId: string, frame: string): Promise<Outcome> {
    const command = () => new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.from(frame) })
    return this.#attempt(() => this.#client.send(command()))
  }

  close(connectionId: string): Promise<Outcome> {
    return this.#attempt(() => this.#client.send(new DeleteConnectionCommand({ ConnectionId: connectionId })))
  }

  async #attempt(call: () => Promise<unknown>): Promise<Outcome> {
    for (let attempt = 1; ; attempt++) {
      try {
        await call()
        return 'delivered'
      } catch (error) {
        if (error instanceof GoneException) return 'gone'
        // Missing permission is a defect of the deployment, not of this connection.
        if (error instanceof ForbiddenException) throw error
        if (attempt === tries || isTimeout(error)) return 'failed'
        await this.#pace.sleep(this.#pace.random() * 100)
      }
    }
  }
}

const isTimeout = (error: unknown) => error instanceof Error && error.name === 'TimeoutError'
