interface Named {
  roomId?: string | undefined
  roomUri?: string | undefined
  roomName?: string | undefined
}

/** Returns the reference to a room in a frame. The schema has checked that there is exactly one. */
export function referenceOf(frame: Named): { roomId: string } | { roomUri: string } | { roomName: string } {
  const { roomId, roomUri, roomName } = frame
  if (roomUri !== undefined) return { roomUri }
  return roomName !== undefined ? { roomName } : { roomId: roomId ?? '' }
}
