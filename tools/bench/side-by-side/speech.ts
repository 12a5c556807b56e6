export interface Draft {
  roomId: string
  text: string
  clientMessageId: string
  after: number
}

/** A frame that a measurement waits for. The number is the message's own, with which its text begins. */
export interface Heard {
  kind: 'reply' | 'seen'
  number: number
  ok: boolean
  seq: number
}

/** How the same is said to different servers, over the same sockets. */
export interface Speech {
  say(number: number, draft: Draft): string
  hear(data: string): Heard | undefined
}

interface Message {
  seq?: number
  text?: string
}

const seen = ({ seq = 0, text = '' }: Message): Heard => ({
  kind: 'seen',
  number: Number.parseInt(text, 10),
  ok: true,
  seq,
})

const reply = (number: number, { ok = false, message }: { ok?: boolean; message?: Message }): Heard => ({
  kind: 'reply',
  number,
  ok,
  seq: message?.seq ?? 0,
})

/** Frames of the protocol of this project. */
export const chatSpeech: Speech = {
  say: (number, draft) => JSON.stringify({ action: 'send', id: String(number), ...draft }),
  hear(data) {
    const frame = JSON.parse(data)
    if (frame.id !== undefined) return reply(Number(frame.id), frame)
    return frame.type === 'message' ? seen(frame) : undefined
  },
}

/** Events and acknowledgements of Socket.IO, as its client writes them. */
export const socketIoSpeech: Speech = {
  say: (number, draft) => `42${number}${JSON.stringify(['send', draft])}`,
  hear(data) {
    const [, kind, number, json] = /^4([23])(\d*)(\[.*)$/s.exec(data) ?? []
    if (json === undefined) return undefined
    const said = JSON.parse(json)
    if (kind === '3') return reply(Number(number), said[0])
    return said[0] === 'message' ? seen(said[1]) : undefined
  },
}
