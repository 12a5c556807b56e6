/** Says that a user was made a member of a room. It is needed for nothing. */
export interface Invitation {
  /** 1, 2, 3 … for each user. */
  invitationId: number
  user: string
  roomId: string
  /** Milliseconds since 1970. */
  createdAt: number
}

export interface InvitationStore {
  /** The user's invitations behind a number, ascending. */
  list(user: string, after: number, limit: number): Promise<Invitation[]>
}
