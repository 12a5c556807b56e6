import type WebSocket from 'ws'
import { FrameValidator } from './frame-validator.ts'
import { type Frame, socketObservers } from './socket/chat-socket.ts'

/** A test file that imports this validates every frame of its sockets against docs/asyncapi.json. */

const validator = new FrameValidator()
const violations: string[] = []

const note = (violation: string | undefined) => violation !== undefined && violations.push(violation)

/** The document must allow every request that the server did not refuse as invalid. */
function validateReply(request: Frame | undefined, reply: Frame): void {
  note(validator.wrongReply(request?.action, reply))
  if (request && (reply.ok || reply.error?.code !== 'invalid')) note(validator.wrongRequest(request))
}

function parse(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

socketObservers.push((socket: WebSocket) => {
  const requests = new Map<unknown, Frame | undefined>()
  const send = socket.send
  socket.send = (data: unknown, ...rest: unknown[]) => {
    const request = parse(String(data))
    // A reply to a request without a usable id has no id; tests send such requests one at a time.
    requests.set(typeof request?.id === 'string' && request.id.length <= 64 ? request.id : undefined, request)
    Reflect.apply(send, socket, [data, ...rest])
  }
  socket.on('message', (data) => {
    const frame: Frame = JSON.parse(String(data))
    if (frame.ok === undefined) note(validator.wrongPush(frame))
    else validateReply(requests.get(frame.id), frame)
  })
})

afterEach(() => {
  const found = violations.splice(0)
  if (found.length > 0) throw new Error(`docs/asyncapi.json does not describe this:\n${found.join('\n')}`)
})
