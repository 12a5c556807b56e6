import { once } from 'node:events'
import { WebSocket } from 'ws'

type Reply = Record<string, unknown>

/** Somebody connected to a run, who asks one thing after another. */
export interface Person {
  /** Resolves with the reply, or with an empty one if the function behind the route has failed. */
  ask(action: string, fields?: object): Promise<Reply>
  leave(): Promise<void>
}

export async function connect({ url, origin }: { url: string; origin: string }, user: string): Promise<Person> {
  const token = await (await fetch(`${origin}/token?user=${user}&name=${user}`)).text()
  const socket = new WebSocket(url, ['chat.v1', `bearer.${token}`])
  socket.on('error', () => {})
  const waiting = new Map<string, (reply: Reply) => void>()
  let asked = 0
  socket.on('message', (data) => {
    const frame: Reply = JSON.parse(String(data))
    // The gateway's own frame about a failure names no request.
    const id = frame.message === 'Internal server error' ? String(asked) : String(frame.id)
    waiting.get(id)?.(frame)
    waiting.delete(id)
  })
  await once(socket, 'open')
  return {
    ask: (action, fields = {}) =>
      new Promise((resolve) => {
        const id = String(++asked)
        waiting.set(id, resolve)
        socket.send(JSON.stringify({ action, id, ...fields }))
      }),
    async leave() {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}
