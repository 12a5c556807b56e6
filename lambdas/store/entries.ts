import { logKey } from '../bindings.ts'
import type { Entry, MessageBody } from '../domain/log/entry.ts'
import type { Item } from './table.ts'

/** Entries of the log as items. Author and body stand flat beside the rest. */

export const toItem = ({ seq: _, from, body, ...entry }: Entry): Item => ({
  ...entry,
  // Where nothing but the id of an author is known, it is stored once.
  ...(from && (from.name === from.user ? { user: from.user } : from)),
  ...body,
})

/** Items are written by the stores alone, so their attributes are what `toItem` made of an entry. */
export function toEntry(item: Item): Entry {
  const {
    user,
    name,
    text,
    parts,
    alert,
    title,
    rich,
    clientMessageId,
    digest,
    removed,
    removes,
    replacement,
    spent,
    broadcast,
  } = item as StoredEntry
  return {
    seq: Number(item[logKey.sort]),
    sentAt: Number(item.sentAt),
    ...(user !== undefined && { from: { user, name: name ?? user } }),
    ...(clientMessageId !== undefined && { clientMessageId }),
    ...(digest !== undefined && { digest }),
    ...(removed && { removed }),
    ...(removes && { removes }),
    ...(replacement !== undefined && { replacement }),
    ...(spent && { spent }),
    ...(broadcast !== undefined && { broadcast }),
    ...(text !== undefined && {
      body: {
        text,
        ...(parts && { parts }),
        ...(alert && { alert }),
        ...(title !== undefined && { title }),
        ...(rich && { rich }),
      },
    }),
  }
}

type StoredEntry = Partial<Omit<Entry, 'body' | 'from'> & MessageBody & { user: string; name: string }>
