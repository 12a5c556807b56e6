/** The version of the contract, as `hello` returns it. Its first number is the number of the subprotocol, `chat.v1`. */
export const protocol = '1.2'

/**
 * The features of this server beyond version 1.0. Names are added and never removed. docs/protocol.md explains them.
 */
export const features = [
  'goaway.replaced',
  'sync.notJoined',
  'budget',
  'quotas',
  'blocks',
  'suspend',
  'disconnect',
  'record.everywhere',
  'retention',
  'erase',
] as const
