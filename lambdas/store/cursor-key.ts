import { unavailable } from './errors.ts'
import { keys } from './keys.ts'
import { type DynamoCall, jsonKey } from './small-client.ts'

/**
 * The secret key of the deployment that seals cursors. The first call that needs it makes it, and each environment reads
 * it once. If the item is deleted, new environments make another key, and cursors are refused until all have it.
 */
export function storedCursorKey(call: DynamoCall, table: string, newSecret: () => Buffer): () => Promise<Uint8Array> {
  let known: Promise<Uint8Array> | undefined
  const read = async () => {
    const output = await call('UpdateItem', {
      TableName: table,
      Key: jsonKey(keys.cursorKey()),
      UpdateExpression: 'SET secret = if_not_exists(secret, :new)',
      ExpressionAttributeValues: { ':new': { S: newSecret().toString('base64') } },
      ReturnValues: 'ALL_NEW',
    })
    const { secret } = output.Attributes as { secret: { S: string } }
    return Buffer.from(secret.S, 'base64')
  }
  return () => {
    known ??= read().catch((error: unknown) => {
      known = undefined
      throw unavailable(error)
    })
    return known
  }
}
