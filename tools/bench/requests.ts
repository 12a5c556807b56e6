/** The requests that a program serves, by name, each with its content and its reply. */
export type Requests<Of> = Record<keyof Of, { request: unknown; reply: unknown }>

export type Reply = { reply: unknown } | { error: string }

export interface Request<Of extends Requests<Of>, Name extends keyof Of = keyof Of> {
  name: Name
  request: Of[Name]['request']
}

/** Serves the requests of the parent process, and ends with it. */
export function serveParent<Of extends Requests<Of>>(
  handlers: {
    [Name in keyof Of]: (request: Of[Name]['request']) => Promise<Of[Name]['reply']>
  },
): void {
  const send = (reply: Reply) => void process.send?.(reply)
  process.on('message', ({ name, request }: Request<Of>) => {
    handlers[name](request).then(
      (reply) => send({ reply }),
      (error) => send({ error: String(error) }),
    )
  })
  process.on('disconnect', () => process.exit())
}
