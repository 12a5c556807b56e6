import type { Draft } from './speech.ts'

export interface Message {
  roomId: string
  seq: number
  sentAt: string
  from: { user: string; name: string }
  clientMessageId: string
  text: string
}

export type Appended = { message: Message; duplicate: boolean } | 'id_reused'

/** Where a server keeps what is said. */
export interface MessageLog {
  append(user: string, draft: Draft): Promise<Appended> | Appended
  /** The earliest messages after a position, a page of them. */
  since(roomId: string, after: number): Promise<Message[]>
}

export const messageOf = (user: string, seq: number, { roomId, text, clientMessageId }: Draft): Message => ({
  roomId,
  seq,
  sentAt: new Date().toISOString(),
  from: { user, name: user },
  clientMessageId,
  text,
})

/** Counts and forgets. */
export class NoLog implements MessageLog {
  readonly #heads = new Map<string, number>()

  append(user: string, draft: Draft): Appended {
    const seq = (this.#heads.get(draft.roomId) ?? 0) + 1
    this.#heads.set(draft.roomId, seq)
    return { message: messageOf(user, seq, draft), duplicate: false }
  }

  async since(): Promise<Message[]> {
    return []
  }
}
