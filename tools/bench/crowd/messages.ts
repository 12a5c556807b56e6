/** What a crowd is asked for, and what it answers. Members are numbered in the order of coming; 0 is the one who speaks. */
export interface CrowdWords {
  /** Opens connections and joins the room until so many are in it. The first one makes the room. */
  grow: { asked: { to: number }; answered: { roomId: string } }
  /** What these connections are called on the other side. */
  ids: { asked: { members: number[] }; answered: string[] }
  /** Ends these as a cut cable would. Answered when a later frame of another has been answered. */
  cut: { asked: { members: number[] }; answered: null }
  /** Says something; answered when every open connection has heard it but those left out, or patience is over. */
  say: { asked: { text: string; without?: number[] }; answered: Heard }
  /** The same of a message that was said before. */
  tally: { asked: { seq: number; without?: number[] }; answered: Tally }
}

/** On how many of the awaited connections a message arrived, and on how many of the rest. */
export interface Tally {
  seq: number
  once: number
  twice: number
  never: number
  elsewhere: number
}

/** Milliseconds since it was said. */
export interface Heard extends Tally {
  replyMs: number
  firstMs: number
  medianMs: number
  lastMs: number
}
