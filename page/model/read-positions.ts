import type { ChatClient } from '../../client/index.ts'
import { tabStorage } from '../storage.ts'

/** The rooms that the user is in, by id, with the last position that the user has read. Stored on the server. */
export type ReadPositions = Record<string, number>

/** Users have stored data under this label, so it must not change. */
const label = 'persistent-chat-page.rooms'

/** Changes are written together, this many milliseconds after the first one. */
const gatherMs = 1000

/** Where this tab keeps positions until the server has stored them. */
const unsavedKey = (client: ChatClient) => `persistent-chat/marks/${client.user}`

export async function loadReadPositions(client: ChatClient): Promise<ReadPositions> {
  const { data } = await client.preference({ label })
  const saved: ReadPositions = JSON.parse(data ?? '{}')
  return tabStorage.read<ReadPositions>(unsavedKey(client)) ?? saved
}

/** Returns a function that saves the present positions. */
export function readPositionWriter(client: ChatClient, present: () => ReadPositions): () => void {
  let isWaiting = false
  const save = async () => {
    isWaiting = false
    const data = JSON.stringify(present())
    await client.preference({ label, data })
    if (JSON.stringify(tabStorage.read(unsavedKey(client))) === data) tabStorage.remove(unsavedKey(client))
  }
  return () => {
    tabStorage.write(unsavedKey(client), present())
    if (isWaiting) return
    isWaiting = true
    // A lost position only makes the number of unread messages wrong.
    setTimeout(() => void save().catch(() => undefined), gatherMs)
  }
}
