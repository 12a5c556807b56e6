import { block } from '../routes/block.ts'
import { blocks as blocksRoute } from '../routes/blocks.ts'
import { invitations as invitationsRoute } from '../routes/invitations.ts'
import { preference } from '../routes/preference.ts'
import { unblock } from '../routes/unblock.ts'
import { serve } from '../start.ts'
import { blocks, categories, directory, invitations, preferences } from '../stores.ts'

export const handler = serve(
  { categories, directory, invitations, preferences, blocks },
  { invitations: invitationsRoute, preference, block, unblock, blocks: blocksRoute },
)
