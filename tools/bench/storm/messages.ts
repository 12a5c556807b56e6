/** What the clients of a storm are asked for, and what they answer. */
export interface StormWords {
  /** So many connect and join, evenly over the rooms. */
  come: { asked: { count: number; rooms: string[] }; answered: null }
  /** Cuts all connections at once; answered when everybody is back. */
  cut: { asked: null; answered: Back }
  /** Answered when everybody holds their room up to there. */
  complete: { asked: { heads: Record<string, number> }; answered: Completeness }
}

export interface Back {
  /** After how many milliseconds each client was back, ascending. */
  back: number[]
  /** Handshakes that it took, refused ones included. */
  handshakes: number
}

export interface Completeness {
  complete: number
  /** Clients to which a message came twice, or not in its place. */
  flawed: number
}
