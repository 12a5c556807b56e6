import { Meter } from '../domain/budget/meter.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Connections, PostOutcome } from '../push/connections.ts'
import { type Endpoint, type PostStatus, type PostToConnection, postClient } from './post-to-connection.ts'

/** A slow post must not delay the others. */
const deadlineMs = 1500
const tries = 2

/** The connections of an API Gateway WebSocket API, reached by its `@connections` API. */
export class ApiGatewayConnections implements Connections {
  readonly #clock: Clock & Random
  readonly #post: PostToConnection
  readonly #meter: Meter

  constructor(endpoint: Endpoint, clock: Clock & Random, meter = new Meter()) {
    this.#meter = meter
    this.#clock = clock
    this.#post = postClient({ ...endpoint, deadlineMs, now: () => clock.now() })
  }

  post(connectionId: string, frame: string): Promise<PostOutcome> {
    return this.#attempt(() => this.#post(connectionId, frame))
  }

  close(connectionId: string): Promise<PostOutcome> {
    return this.#attempt(() => this.#post(connectionId, '', 'DELETE'))
  }

  async #attempt(call: () => Promise<PostStatus>): Promise<PostOutcome> {
    for (let attempt = 1; ; attempt++) {
      const status = await call()
      this.#meter.add('post', 1)
      if (attempt === tries || !isTransient(status)) return outcomeOf(status)
      await this.#clock.sleep(this.#clock.random() * 100)
    }
  }
}

const outcomes: { readonly [status in PostStatus]?: PostOutcome } = {
  200: 'delivered',
  204: 'delivered',
  403: 'refused',
  410: 'gone',
  429: 'throttled',
  late: 'late',
}

const outcomeOf = (status: PostStatus): PostOutcome => outcomes[status] ?? 'failed'

/** A refused frame would be refused again, and a second try of a late one would double the wait. */
const isTransient = (status: PostStatus) => status === 'lost' || status === 429 || Number(status) >= 500
