interface Named {
  roomId?: string | undefined
  roomUri?: string | undefined
  roomName?: string | undefined
}

/** The one name that a frame gives a room by; the schema has made sure that there is one. */
export function referenceOf(frame: Named): { roomId: string } | { roomUri: string } | { roomName: string } {
  const { roomId, roomUri, roomName } = frame
  if (roomUri !== undefined) return { roomUri }
  return roomName !== undefined ? { roomName } : { roomId: roomId ?? '' }
}
