/** The limits of a message and its frame. Clients check them before they send. */
export const messageLimits = {
  frameBytes: 32 * 1024,
  textBytes: 4 * 1024,
  /** The text of a message with a title. */
  storyBytes: 16 * 1024,
  richBytes: 16 * 1024,
  /** A whole message as JSON. */
  messageBytes: 24 * 1024,
} as const
