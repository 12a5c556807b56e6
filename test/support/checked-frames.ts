import type WebSocket from 'ws'
import { Contract } from './contract.ts'
import { type Frame, witnesses } from './socket/chat-socket.ts'

/** Importing this holds every frame of a test file's sockets to docs/asyncapi.json. */

const contract = new Contract()
const undescribed: string[] = []

const note = (complaint: string | undefined) => complaint !== undefined && undescribed.push(complaint)

/** A request that was not refused as invalid must be one that the document allows. */
function judgeReply(request: Frame | undefined, reply: Frame): void {
  note(contract.wrongReply(request?.action, reply))
  if (request && (reply.ok || reply.error?.code !== 'invalid')) note(contract.wrongRequest(request))
}

function parse(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

witnesses.push((socket: WebSocket) => {
  const asked = new Map<unknown, Frame | undefined>()
  const send = socket.send
  socket.send = (data: unknown, ...rest: unknown[]) => {
    const request = parse(String(data))
    // What has no usable id is answered without one, and tests ask such things one at a time.
    asked.set(typeof request?.id === 'string' && request.id.length <= 64 ? request.id : undefined, request)
    Reflect.apply(send, socket, [data, ...rest])
  }
  socket.on('message', (data) => {
    const frame: Frame = JSON.parse(String(data))
    if (frame.ok === undefined) note(contract.wrongPush(frame))
    else judgeReply(asked.get(frame.id), frame)
  })
})

afterEach(() => {
  const found = undescribed.splice(0)
  if (found.length > 0) throw new Error(`docs/asyncapi.json does not describe this:\n${found.join('\n')}`)
})
