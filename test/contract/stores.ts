import { categoryContract } from './categories.ts'
import { directoryContract } from './directory.ts'
import { invitationContract } from './invitations.ts'
import { logContract } from './log.ts'
import { peopleContract } from './people.ts'
import type { Stores } from './ports.ts'
import { preferenceContract } from './preferences.ts'
import { recordContract } from './records.ts'
import { roleContract } from './roles.ts'
import { roomLifeContract } from './room-life.ts'
import { roomContract } from './rooms.ts'
import { rosterContract } from './rosters.ts'
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
