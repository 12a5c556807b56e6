/** The requests to a crowd. Members are numbered in the order of joining; 0 is the sender. */
export interface CrowdRequests {
  /** Opens connections and joins the room until it has `to` members. The first member creates the room. */
  grow: { request: { to: number }; reply: { roomId: string } }
  /** The connection ids of these members. */
  ids: { request: { members: number[] }; reply: string[] }
  /** Cuts these connections without a close. Replies when a later frame of another member has a reply. */
  cut: { request: { members: number[] }; reply: null }
  /** Sends a message. Replies when all open connections except `without` have received it, or after a timeout. */
  send: { request: { text: string; without?: number[] }; reply: Delivery }
  /** The present counts of an earlier message. */
  counts: { request: { seq: number; without?: number[] }; reply: ReceiptCounts }
}

/** The number of expected connections by their receipts of a message, and the receipts of other connections. */
export interface ReceiptCounts {
  seq: number
  once: number
  twice: number
  never: number
  elsewhere: number
}

/** The times are milliseconds since the send. */
export interface Delivery extends ReceiptCounts {
  replyMs: number
  firstMs: number
  medianMs: number
  lastMs: number
}
