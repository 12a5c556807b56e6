import { blockContract } from './blocks.ts'
import { budgetContract } from './budgets.ts'
import { categoryContract } from './categories.ts'
import { directoryContract } from './directory.ts'
import { erasureContract } from './erasures.ts'
import { grantContract } from './grants.ts'
import { invitationContract } from './invitations.ts'
import { logContract } from './log.ts'
import type { Stores } from './ports.ts'
import { preferenceContract } from './preferences.ts'
import { profileContract } from './profiles.ts'
import { quotaContract } from './quotas.ts'
import { recordContract } from './record.ts'
import { retentionContract } from './retention.ts'
import { roomChangeContract } from './room-changes.ts'
import { roomContract } from './rooms.ts'
import { rosterContract } from './roster.ts'
import { sessionContract } from './sessions.ts'
import { suspensionContract } from './suspensions.ts'

/** Tests the behaviour of an implementation of all ports. */
export function storeContract(name: string, make: () => Promise<Stores & { end(): Promise<void> }>): void {
  describe(name, () => {
    let open: (Stores & { end(): Promise<void> }) | undefined

    beforeAll(async () => {
      open = await make()
    })

    afterAll(() => open?.end())

    const stores = (): Stores => {
      if (open) return open
      throw new Error('The stores are not open yet.')
    }

    describe('the session store', () => sessionContract(stores))
    describe('the roster', () => rosterContract(stores))
    describe('the room store', () => roomContract(stores))
    describe('the room store', () => roomChangeContract(stores))
    describe('the profile store', () => profileContract(stores))
    describe('the suspension store', () => suspensionContract(stores))
    describe('the retention store', () => retentionContract(stores))
    describe('the erasure store', () => erasureContract(stores))
    describe('the grant store', () => grantContract(stores))
    describe('the category store', () => categoryContract(stores))
    describe('the directory', () => directoryContract(stores))
    describe('the invitation store', () => invitationContract(stores))
    describe('the preference store', () => preferenceContract(stores))
    describe('the record', () => recordContract(stores))
    describe('the budget store', () => budgetContract(stores))
    describe('the block store', () => blockContract(stores))
    describe('the quota store', () => quotaContract(stores))
    describe('the log', () => logContract(stores))
  })
}
