import { database, dynamoStores, putCategory } from '../support/dynamodb/dynamodb.ts'
import { storeContract } from './stores.ts'

storeContract('stores in DynamoDB', async () => {
  const { client, tables, stop } = await database()
  const own = client()
  return { ...dynamoStores(own, tables), putCategory: (category) => putCategory(own, tables, category), end: stop }
})
