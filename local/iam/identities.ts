import { randomBytes } from 'node:crypto'
import type { Kill } from '../faults/kills.ts'
import { account } from '../template/resources.ts'
import type { Allows } from './grants.ts'

/** The signer of a request, identified by its access key: an execution environment or the operator. */
export interface Caller {
  function: string
  /** The ARN that an access error names. */
  principal: string
  allows: Allows
  /** Ends the environment at once, like a crash of its machine. */
  kill(): void
  /** The kill that applies to its current event. */
  pendingKill?: Kill | undefined
}

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}

export interface Callers {
  register(caller: Caller): Credentials
  /** Makes the credentials invalid. */
  remove(credentials: Credentials): void
  /** Finds the signer of a request by its Authorization header. */
  find(authorization: string | undefined): Caller | undefined
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const accessKey = () => `ASIA${Array.from(randomBytes(16), (byte) => base32[byte % 32]).join('')}`

/** The person who started the run. The access key is `operator`, and everything is allowed. */
const operator: Caller = {
  function: 'operator',
  principal: `arn:aws:iam::${account}:user/operator`,
  allows: () => true,
  kill() {},
}

/** Registers callers by access key; the operator is registered from the start. */
export function callerRegistry(): Callers {
  const callers = new Map([[operator.function, operator]])
  return {
    register(caller) {
      const accessKeyId = accessKey()
      callers.set(accessKeyId, caller)
      return { accessKeyId, secretAccessKey: 'local', sessionToken: 'local' }
    },
    remove: ({ accessKeyId }) => void callers.delete(accessKeyId),
    find: (authorization) => callers.get(/Credential=(\w+)\//.exec(authorization ?? '')?.[1] ?? ''),
  }
}
