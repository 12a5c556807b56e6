import { createRoom } from '../routes/create-room.ts'
import { deleteRoom } from '../routes/delete-room.ts'
import { getRoom } from '../routes/get-room.ts'
import { moveRoom } from '../routes/move-room.ts'
import { updateRoom } from '../routes/update-room.ts'
import { serve } from '../start.ts'
import { blocks, categories, invitations, people, quotas, records, reviews, roles, rooms, sessions } from '../stores.ts'

export const handler = serve(
  { rooms, roles, categories, people, sessions, records, quotas, blocks, invitations, reviews },
  { createRoom, getRoom, updateRoom, moveRoom, deleteRoom },
)
