/** The version of the contract that `hello` answers. The first number is that of the subprotocol, `chat.v1`. */
export const protocol = '1.1'

/** Abilities of this server beyond version 1.0. Names are only ever added; docs/protocol.md has their meanings. */
export const features = ['goaway.replaced', 'sync.notJoined'] as const
