export interface Draft {
  roomId: string
  text: string
  clientMessageId: string
  after: number
}

/** A frame that a measurement waits for. `number` identifies the message; its text begins with it. */
export interface ReceivedFrame {
  kind: 'reply' | 'seen'
  number: number
  ok: boolean
  seq: number
}

/** The format of a server's frames; the sockets are the same for all servers. */
export interface WireFormat {
  encode(number: number, draft: Draft): string
  decode(data: string): ReceivedFrame | undefined
}

interface Message {
  seq?: number
  text?: string
}

const seen = ({ seq = 0, text = '' }: Message): ReceivedFrame => ({
  kind: 'seen',
  number: Number.parseInt(text, 10),
  ok: true,
  seq,
})

const reply = (number: number, { ok = false, message }: { ok?: boolean; message?: Message }): ReceivedFrame => ({
  kind: 'reply',
  number,
  ok,
  seq: message?.seq ?? 0,
})

/** Frames of the protocol of this project. */
export const chatFormat: WireFormat = {
  encode: (number, draft) => JSON.stringify({ action: 'send', id: String(number), ...draft }),
  decode(data) {
    const frame = JSON.parse(data)
    if (frame.id !== undefined) return reply(Number(frame.id), frame)
    return frame.type === 'message' ? seen(frame) : undefined
  },
}

/** Events and acknowledgements of Socket.IO, in the format of its client. */
export const socketIoFormat: WireFormat = {
  encode: (number, draft) => `42${number}${JSON.stringify(['send', draft])}`,
  decode(data) {
    const [, kind, number, json] = /^4([23])(\d*)(\[.*)$/s.exec(data) ?? []
    if (json === undefined) return undefined
    const values = JSON.parse(json)
    if (kind === '3') return reply(Number(number), values[0])
    return values[0] === 'message' ? seen(values[1]) : undefined
  },
}
