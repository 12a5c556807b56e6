import type { ChatClient } from '../../client/index.ts'
import { tabStorage } from '../storage.ts'

/** The rooms that the user is in and how far each was read, by id: kept with the chat, so that it is known everywhere. */
export type Marks = Record<string, number>

const label = 'persistent-chat-page.rooms'

/** Marks are written together, this long after the first one changed, in milliseconds. */
const gatherMs = 1000

/** Where marks stand in this tab until they are kept with the chat. */
const unkept = (client: ChatClient) => `persistent-chat/marks/${client.user}`

export async function readMarks(client: ChatClient): Promise<Marks> {
  const { data } = await client.preference({ label })
  const kept: Marks = JSON.parse(data ?? '{}')
  return tabStorage.read<Marks>(unkept(client)) ?? kept
}

/** Keeps what `read` answers, now and then. */
export function markWriter(client: ChatClient, read: () => Marks): () => void {
  let waiting = false
  const write = async () => {
    waiting = false
    const data = JSON.stringify(read())
    await client.preference({ label, data })
    if (JSON.stringify(tabStorage.read(unkept(client))) === data) tabStorage.remove(unkept(client))
  }
  return () => {
    tabStorage.write(unkept(client), read())
    if (waiting) return
    waiting = true
    // A mark that is lost costs a wrong number of unread messages, no more.
    setTimeout(() => void write().catch(() => undefined), gatherMs)
  }
}
