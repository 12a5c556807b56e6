/** The limits of a message and of its frame, which clients check before they send. */
export const messageLimits = {
  frameBytes: 32 * 1024,
  textBytes: 4 * 1024,
  /** Text of a message that has a title. */
  storyBytes: 16 * 1024,
  richBytes: 16 * 1024,
  /** A whole message as JSON. */
  messageBytes: 24 * 1024,
} as const
