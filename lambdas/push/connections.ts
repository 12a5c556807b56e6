/**
 * The result of posting a frame. `late`: no response in time. `throttled`: the account posts too much, or the receiver
 * reads too slowly. `refused`: this function has no permission to post, which is a defect of the deployment. A client
 * that missed a message finds the gap in the numbers and reads the history.
 */
export type PostOutcome = 'delivered' | 'gone' | 'late' | 'throttled' | 'refused' | 'failed'

/** The open connections of all clients. */
export interface Connections {
  post(connectionId: string, frame: string): Promise<PostOutcome>
  /** Closes the connection. It need not be open. */
  close(connectionId: string): Promise<PostOutcome>
}

/**
 * The number of receivers for each outcome that occurred. `unended`: sessions whose connection is gone and that could
 * not be ended.
 */
export type OutcomeCounts = { [outcome in PostOutcome | 'unended']?: number }

/** Adds one receiver to the counts. */
export const countOutcome = (counts: OutcomeCounts, outcome: PostOutcome): void => {
  counts[outcome] = (counts[outcome] ?? 0) + 1
}

/** Whether a receiver missed the frame. Such a post is logged. */
export const hasLosses = ({ delivered: _, ...losses }: OutcomeCounts): boolean => Object.keys(losses).length > 0
