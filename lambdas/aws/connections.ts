import {
  ApiGatewayManagementApiClient,
  ApiGatewayManagementApiServiceException,
  DeleteConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import type { Clock, Random } from '../domain/clock.ts'
import type { Connections, PostOutcome } from '../push/connections.ts'
import { type PosterOptions, type PostStatus, poster } from './http-pool.ts'

/** Where connections are reached, and in whose name. */
export type Endpoint = Pick<PosterOptions, 'endpoint' | 'region' | 'credentials'>

/** A post that hangs must not hold the others. */
const deadlineMs = 1500
const tries = 2

export class ApiGatewayConnections implements Connections {
  readonly #gateway: Endpoint
  readonly #clock: Clock & Random
  readonly #post: (connectionId: string, frame: string) => Promise<PostStatus>
  #client: ApiGatewayManagementApiClient | undefined

  constructor(gateway: Endpoint, clock: Clock & Random) {
    this.#gateway = gateway
    this.#clock = clock
    this.#post = poster({ ...gateway, deadlineMs, now: () => clock.now() })
  }

  post(connectionId: string, frame: string): Promise<PostOutcome> {
    return this.#attempt(() => this.#post(connectionId, frame))
  }

  close(connectionId: string): Promise<PostOutcome> {
    return this.#attempt(() => this.#delete(connectionId))
  }

  async #attempt(call: () => Promise<PostStatus>): Promise<PostOutcome> {
    for (let attempt = 1; ; attempt++) {
      const answer = await call()
      if (attempt === tries || !mayPass(answer)) return outcomeOf(answer)
      await this.#clock.sleep(this.#clock.random() * 100)
    }
  }

  /** Rare enough for the SDK, which waits for ever unless told to throw. */
  async #delete(connectionId: string): Promise<PostStatus> {
    this.#client ??= new ApiGatewayManagementApiClient({
      ...this.#gateway,
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 500, requestTimeout: deadlineMs, throwOnRequestTimeout: true },
    })
    try {
      await this.#client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))
      return 204
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') return 'late'
      const refused = error instanceof ApiGatewayManagementApiServiceException
      return (refused && error.$metadata.httpStatusCode) || 'lost'
    }
  }
}

const outcomes: { readonly [answer in PostStatus]?: PostOutcome } = {
  200: 'delivered',
  204: 'delivered',
  403: 'refused',
  410: 'gone',
  429: 'throttled',
  late: 'late',
}

const outcomeOf = (answer: PostStatus): PostOutcome => outcomes[answer] ?? 'failed'

/** A frame that is not accepted never will be, and whoever hangs would hold the post twice as long. */
const mayPass = (answer: PostStatus) => answer === 'lost' || answer === 429 || Number(answer) >= 500
