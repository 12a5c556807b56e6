export type Privacy = 'open' | 'closed' | 'secret'

export interface Room {
  roomId: string
  name: string
  description: string
  categoryId: string
  privacy: Privacy
  auditorium: boolean
  invitations: 'inherit' | 'off'
  disabled: boolean
  version: number
  /** Milliseconds since 1970. */
  createdAt: number
  createdBy: string
  updatedAt: number
  updatedBy: string
}

export const roomUri = (domain: string, roomId: string): string => `chat://${domain}/${roomId}`
