import { randomBytes } from 'node:crypto'
import type { Kill } from '../faults/kills.ts'
import { account } from '../template/resources.ts'
import type { Allows } from './grants.ts'

/** Who signs a request: an execution environment or the operator, known by the access key. */
export interface Caller {
  function: string
  /** The ARN an access error names. */
  principal: string
  allows: Allows
  /** Ends the environment as a crash of the machine would. */
  kill(): void
  /** The kill that its present event was chosen for. */
  doomed?: Kill | undefined
}

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}

export interface Callers {
  enrol(caller: Caller): Credentials
  /** What these sign is not known any more. */
  dismiss(credentials: Credentials): void
  /** The signer of a request, by its Authorization header. */
  find(authorization: string | undefined): Caller | undefined
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const accessKey = () => `ASIA${Array.from(randomBytes(16), (byte) => letters[byte % 32]).join('')}`

/** Whoever started the run, as access key `operator`: may do everything. */
const operator: Caller = {
  function: 'operator',
  principal: `arn:aws:iam::${account}:user/operator`,
  allows: () => true,
  kill() {},
}

export function callerRegister(): Callers {
  const callers = new Map([[operator.function, operator]])
  return {
    enrol(caller) {
      const accessKeyId = accessKey()
      callers.set(accessKeyId, caller)
      return { accessKeyId, secretAccessKey: 'local', sessionToken: 'local' }
    },
    dismiss: ({ accessKeyId }) => void callers.delete(accessKeyId),
    find: (authorization) => callers.get(/Credential=(\w+)\//.exec(authorization ?? '')?.[1] ?? ''),
  }
}
