import { categoryContract } from './categories.ts'
import { directoryContract } from './directory.ts'
import { roleContract } from './grants.ts'
import { invitationContract } from './invitations.ts'
import { logContract } from './log.ts'
import type { Stores } from './ports.ts'
import { preferenceContract } from './preferences.ts'
import { peopleContract } from './profiles.ts'
import { recordContract } from './record.ts'
import { roomLifeContract } from './room-changes.ts'
import { roomContract } from './rooms.ts'
import { rosterContract } from './roster.ts'
import { sessionContract } from './sessions.ts'

/** What every implementation of the ports promises. */
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

    describe('sessions', () => sessionContract(stores))
    describe('rosters', () => rosterContract(stores))
    describe('rooms', () => roomContract(stores))
    describe('rooms that change', () => roomLifeContract(stores))
    describe('people', () => peopleContract(stores))
    describe('roles', () => roleContract(stores))
    describe('categories', () => categoryContract(stores))
    describe('directory', () => directoryContract(stores))
    describe('invitations', () => invitationContract(stores))
    describe('preferences', () => preferenceContract(stores))
    describe('the record', () => recordContract(stores))
    describe('messages', () => logContract(stores))
  })
}
