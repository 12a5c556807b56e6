import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Deployment } from './local-run/deployment.ts'
import { ChatSocket, type Frame, Refusal } from './socket/chat-socket.ts'

/** A conversation as data; docs/transcripts.md describes the format. `bob/2` is a second connection of bob. */
export interface Transcript {
  title: string
  about: string
  steps: Step[]
}

export type Step =
  | { opens: string; token?: 'none' | 'forged' | 'short-lived'; refused?: number }
  | { from: string; frame: Frame; until?: Frame }
  | { from: string; text: string }
  | { to: string; frame: Frame }
  | { closes: string }
  | { closed: string }

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

const anything = '<…>'
const placeholder = /<([a-z][\w ]*)>/g

/** The values that a placeholder can have, by its first word. */
const kinds: Record<string, RegExp> = {
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  number: /^\d+$/,
}

/** The values of the placeholders of one conversation. */
export class Placeholders {
  readonly #values = new Map<string, unknown>()

  /** Fills in a frame to send. A placeholder without a value gets a random one. */
  fill(frame: unknown): unknown {
    if (Array.isArray(frame)) return frame.map((inner) => this.fill(inner))
    if (typeof frame === 'object' && frame !== null) {
      const entries = Object.entries(frame)
      return Object.fromEntries(entries.map(([name, inner]) => [this.#text(name), this.fill(inner)]))
    }
    if (typeof frame !== 'string') return frame
    const [whole] = /^<([a-z][\w ]*)>$/.exec(frame) ?? []
    return whole ? this.#valueOf(whole.slice(1, -1)) : this.#text(frame)
  }

  #text(text: string): string {
    return text.replace(placeholder, (_, name: string) => String(this.#valueOf(name)))
  }

  #valueOf(name: string): unknown {
    const value = this.#values.get(name) ?? `${name} ${randomUUID().slice(0, 8)}`
    this.#values.set(name, value)
    return value
  }

  /** Lists the paths at which a frame differs from the transcript. A placeholder without a value takes the actual one. */
  differences(expected: unknown, actual: unknown, path = ''): string[] {
    if (expected === anything) return actual === undefined ? [`${path} is missing`] : []
    if (Array.isArray(expected) && Array.isArray(actual)) {
      const length = expected.length === actual.length ? [] : [`${path} has ${actual.length} items`]
      return [...length, ...expected.flatMap((each, at) => this.differences(each, actual[at], `${path}/${at}`))]
    }
    if (isObject(expected) && isObject(actual)) {
      const named = new Map(Object.entries(expected).map(([name, value]) => [this.#text(name), value]))
      const names = new Set([...named.keys(), ...Object.keys(actual)])
      return [...names].flatMap((name) =>
        named.has(name)
          ? this.differences(named.get(name), actual[name], `${path}/${name}`)
          : [`${path}/${name} is not expected`],
      )
    }
    const same = typeof expected === 'string' ? this.#matches(expected, actual) : isDeepStrictEqual(expected, actual)
    return same ? [] : [`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`]
  }

  #matches(expected: string, actual: unknown): boolean {
    if (typeof actual !== 'string' && typeof actual !== 'number') return false
    const names: string[] = []
    const pattern = expected.split(placeholder).map((piece, at) => {
      if (at % 2 === 0) return escapeRegExp(piece)
      if (this.#values.has(piece)) return escapeRegExp(String(this.#values.get(piece)))
      names.push(piece)
      return '(.+)'
    })
    const found = new RegExp(`^${pattern.join('')}$`, 's').exec(String(actual))?.slice(1)
    if (!found) return false
    const whole = names.length === 1 && expected === `<${names[0]}>`
    return names.every((name, at) => {
      const value = found[at] ?? ''
      this.#values.set(name, whole ? actual : value)
      return (kinds[/^\w+/.exec(name)?.[0] ?? ''] ?? /^/).test(value)
    })
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Replays one conversation and throws at the first difference. */
export async function replay({ steps }: Transcript, deployment: Deployment): Promise<void> {
  const placeholders = new Placeholders()
  const sockets = new Map<string, ChatSocket>()
  const socketOf = (who: string) => {
    const socket = sockets.get(who)
    if (!socket) throw new Error(`${who} is not connected.`)
    return socket
  }
  const compare = (expected: Frame, actual: Frame) => {
    const differences = placeholders.differences(expected, actual)
    if (differences.length > 0) throw new Error(`${differences.join('\n')}\nin ${JSON.stringify(actual)}`)
  }
  const play = async (step: Step): Promise<void> => {
    if ('opens' in step) {
      const socket = await open(step, deployment)
      if (socket) sockets.set(step.opens, socket)
    } else if ('text' in step) socketOf(step.from).socket.send(placeholders.fill(step.text) as string)
    else if ('from' in step) await sendFrame(socketOf(step.from), placeholders.fill(step.frame) as Frame, step.until)
    else if ('to' in step) compare(step.frame, await socketOf(step.to).frame(isLike(step.frame)))
    else if ('closes' in step) await socketOf(step.closes).close()
    else await socketOf(step.closed).closed
  }
  try {
    for (const [at, step] of steps.entries()) {
      await play(step).catch((error: Error) => {
        throw new Error(`Step ${at + 1}, ${JSON.stringify(step)}: ${error.message}`)
      })
    }
    for (const [who, chat] of sockets) await expectNoMorePushes(who, chat)
  } finally {
    await Promise.all([...sockets.values()].map((chat) => chat.close()))
  }
}

/** Recognizes a reply by its id and a push by its type. The first one counts. */
const isLike = (expected: Frame) => (frame: Frame) => frame.id === expected.id && frame.type === expected.type

async function open(step: Extract<Step, { opens: string }>, deployment: Deployment): Promise<ChatSocket | undefined> {
  const user = step.opens.replace(/\/.*/, '')
  const token =
    step.token === 'short-lived' ? deployment.local?.token(user, { expiresIn: '6' }) : deployment.token(user)
  const opened =
    step.token === 'none'
      ? ChatSocket.open(deployment.url, '', [])
      : ChatSocket.open(deployment.url, step.token === 'forged' ? 'e30.e30.e30' : `${await token}`)
  if (step.refused === undefined) return opened
  const status = await opened.then(
    () => 101,
    (error: unknown) => error instanceof Refusal && error.status,
  )
  if (status !== step.refused) throw new Error(`The upgrade ended with ${status}.`)
  return undefined
}

/** Sends a frame, and sends it again until the reply matches `until`, if given. */
async function sendFrame(chat: ChatSocket, frame: Frame, until?: Frame): Promise<void> {
  chat.socket.send(JSON.stringify(frame))
  if (!until) return
  for (;;) {
    const reply = await chat.frame(isLike(frame))
    if (new Placeholders().differences(until, reply).length === 0) return
    chat.socket.send(JSON.stringify(frame))
  }
}

/** Checks that no push is left. The reply to a ping comes after all earlier pushes. */
async function expectNoMorePushes(who: string, chat: ChatSocket): Promise<void> {
  if (chat.socket.readyState !== chat.socket.OPEN) return
  await chat.request('ping')
  if (chat.pushes.length > 0) throw new Error(`${who} received more: ${JSON.stringify(chat.pushes)}`)
}
