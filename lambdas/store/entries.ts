import { logKey } from '../bindings.ts'
import type { Entry, MessageBody } from '../domain/log/entry.ts'
import type { Item } from './table.ts'

/**
 * Converts entries of the log to items and back. The fields of author and body are top-level attributes of the item.
 */

export const toItem = ({ seq: _, from, body, ...entry }: Entry): Item => ({
  ...entry,
  // If the author's name equals the id, it is stored once.
  ...(from && (from.name === from.user ? { user: from.user } : from)),
  ...body,
})

/** Only the stores write items, so the attributes have the types that `toItem` gave them. */
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
    removesOf,
    upTo,
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
    ...(removesOf !== undefined && { removesOf }),
    ...(upTo !== undefined && { upTo }),
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
