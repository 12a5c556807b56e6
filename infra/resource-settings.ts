import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager'
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Architecture, ILayerVersion } from 'aws-cdk-lib/aws-lambda'

/** Tables that exist already, each by its name. What is not named is created. */
export interface ExistingTables {
  /** Connections and sessions: has the index `byUser`, and its time to live is on. */
  sessions?: string | undefined
  /** Rooms, categories, grants: has the indexes `byCategory` and `byPrincipal`. */
  rooms?: string | undefined
  /** The log of every room: has a stream of new images, whose ARN is `messagesStream`. */
  messages?: string | undefined
  /** ARN of the stream of `messages`. A table that comes out of a backup has none until it is switched on. */
  messagesStream?: string | undefined
  /** The compliance record. */
  records?: string | undefined
  /** Spending and quotas: its time to live is on. */
  budgets?: string | undefined
}

/** A host name of your own, at which clients connect. */
export interface ChatDomain {
  /** Such as `chat.example.com`. Its DNS entry is yours to make, see `domainName` of the construct. */
  name: string
  /** For this name, in the Region of the stack. */
  certificate: ICertificate
}

/** What all functions of a chat have in common. */
export interface FunctionDefaults {
  /**
   * The processor.
   * @default Architecture.ARM_64
   */
  architecture?: Architecture | undefined
  /**
   * Factor on the memory of every function, and so on its share of a processor.
   * @default 1
   */
  memoryScale?: number | undefined
  /**
   * Megabytes of single functions, by the names in infra/functions.ts, such as `{ send: 3008 }`; no factor applies.
   * @default - those of infra/functions.ts
   */
  memory?: Readonly<Record<string, number>> | undefined
  /**
   * Boundary of every role in the chat, that of the page's deployment included.
   * @default - none
   */
  permissionsBoundary?: IManagedPolicy | undefined
  /**
   * Layers of every function, at most five.
   * @default - none
   */
  layers?: readonly ILayerVersion[] | undefined
  /**
   * Whether every function is traced by X-Ray, which is billed by the trace.
   * @default false
   */
  tracing?: boolean | undefined
}

/** What the resources of a chat are made of, and what becomes of them; each has a default. */
export interface ResourceSettings {
  /**
   * Tables that exist already, all or some: the way back after a restore. Nothing is created in their place.
   * @default - all five are created
   */
  tables?: ExistingTables | undefined
  /**
   * A key of yours that encrypts the tables, the log groups, the queue and the files of the page.
   * @default - keys of AWS, which cost nothing
   */
  encryptionKey?: IKey | undefined
  /**
   * A domain of yours, Regional and with TLS 1.2. The `url` then is `wss://<name>`.
   * @default - the address that API Gateway gives
   */
  domain?: ChatDomain | undefined
  /**
   * Days for which logs are kept, one of those that CloudWatch Logs knows.
   * @default 30
   */
  retention?: number | undefined
  /**
   * What becomes of rooms, messages, records and the user pool with the stack: `keep` leaves them in the account, except
   * when their very creation fails; `delete` deletes them.
   * @default 'keep'
   */
  removal?: 'keep' | 'delete' | undefined
  /**
   * Whether nobody may delete these tables and the pool. A first deployment that fails could not be undone, so switch it
   * on once the first has succeeded.
   * @default false
   */
  protect?: boolean | undefined
  /**
   * What all functions have in common.
   * @default - see each
   */
  functions?: FunctionDefaults | undefined
}

/** Settings with the defaults filled in. */
export interface CompleteResources {
  tables: ExistingTables
  encryptionKey: IKey | undefined
  domain: ChatDomain | undefined
  retention: number
  removal: 'keep' | 'delete'
  protect: boolean
  functions: FunctionDefaults
}
