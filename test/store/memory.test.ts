import { memoryStores } from '../support/memory/stores.ts'
import { storeContract } from './stores.ts'

storeContract('stores in memory', async () => {
  const stores = memoryStores()
  return { ...stores, putCategory: async (category) => stores.categories.put(category), end: async () => undefined }
})
