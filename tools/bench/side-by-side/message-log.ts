import type { Draft } from './format.ts'

export interface Message {
  roomId: string
  seq: number
  sentAt: string
  from: { user: string; name: string }
  clientMessageId: string
  text: string
}

export type Appended = { message: Message; duplicate: boolean } | 'id_reused'

/** The log of a server. */
export interface MessageLog {
  append(user: string, draft: Draft): Promise<Appended> | Appended
  /** A page of the messages after a position, the earliest first. */
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

/** Assigns numbers and stores nothing. */
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
