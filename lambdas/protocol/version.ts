/** The version of the contract that `hello` answers. The first number is that of the subprotocol, `chat.v1`. */
export const protocol = '1.1'

/** What this server can beyond version 1.0. Names are only ever added; docs/protocol.md says what each stands for. */
export const features = ['goaway.replaced', 'sync.notJoined'] as const
