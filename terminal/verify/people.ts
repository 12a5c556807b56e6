import { readFileSync } from 'node:fs'
import { Failure, UsageError } from '../command/failure.ts'
import { localToken } from '../token.ts'

/** Somebody with a token. `user` is the id that the server knows. */
export interface TestPerson {
  name: string
  token: string
  user: string
}

/** The same, before the server has said who it is. */
export type TokenHolder = Omit<TestPerson, 'user'>

/** The people of a local run. The last one is an administrator, who deletes the rooms at the end. */
const local: Readonly<Record<string, string>> = { alice: '', bob: '', carol: '', root: 'chat-admins' }

/** The people of the file, or those of a local run. */
export async function peopleFrom(endpoint: string, file: string | undefined): Promise<TokenHolder[]> {
  if (file !== undefined) return peopleIn(file)
  return Promise.all(
    Object.entries(local).map(async ([name, groups]) => ({
      name,
      token: await localToken(endpoint, { user: name, name, groups }, tokensMissing),
    })),
  )
}

const tokensMissing = new Failure(
  'Set --tokens to a file with tokens of the issuer that the deployment trusts; only a local run gives them without.',
  'unauthorized',
)

/** Errors do not quote the file, since it is full of tokens. */
function peopleIn(file: string): TokenHolder[] {
  let tokens: unknown
  try {
    tokens = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const isJson = !(error instanceof SyntaxError)
    throw new UsageError(`--tokens: ${file} ${isJson ? 'cannot be read' : 'is not JSON'}.`)
  }
  if (typeof tokens !== 'object' || tokens === null || Array.isArray(tokens))
    throw new UsageError(`--tokens: ${file} must hold an object with a token for each name.`)
  const people = Object.entries(tokens).map(([name, token]) => {
    if (typeof token === 'string' && /^[\w.~+/=-]+$/.test(token)) return { name, token }
    throw new UsageError(`--tokens: what ${file} has for ${name} is no token.`)
  })
  if (people.length < 2) throw new UsageError(`--tokens: ${file} must have tokens of at least two people.`)
  return people
}
