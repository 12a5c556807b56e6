import { areUnknown, haveExpired } from '../aws/refused-credentials.ts'
import { Failure, reasonOf } from '../command/failure.ts'

/** The name that AWS gives an error. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '')

/** An answer of DynamoDB has a name of its own and a status; a connection that fails has neither. */
const isAnswer = (error: unknown): boolean =>
  error instanceof Error && '$metadata' in error && JSON.stringify(error.$metadata).includes('httpStatusCode')

/** Sends one call for a table. What it fails with is one sentence that says what to do. */
export async function calling<Reply>(action: string, table: string, send: () => Promise<Reply>): Promise<Reply> {
  try {
    return await send()
  } catch (error) {
    throw failureOf(action, table, error)
  }
}

function failureOf(action: string, table: string, error: unknown): Failure {
  if (error instanceof Failure) return error
  const [name, reason] = [nameOf(error), reasonOf(error).replace(/\s+/g, ' ').replace(/\.$/, '')]
  if (name === 'AccessDeniedException')
    return new Failure(
      `These credentials lack the permission dynamodb:${action} on "${table}": ${reason}.`,
      'forbidden',
    )
  if (haveExpired(name) || areUnknown(name))
    return new Failure(`AWS does not accept the credentials of the environment: ${reason}.`, 'unauthorized')
  if (name === 'ResourceNotFoundException' || name === 'TableNotFoundException')
    return new Failure(`There is no table "${table}" in this account and Region: ${reason}.`, 'not_found')
  if (!isAnswer(error)) return new Failure(`DynamoDB cannot be reached: ${reason}.`, 'unreachable')
  return new Failure(`${action} of "${table}" failed with ${name}: ${reason}.`)
}
