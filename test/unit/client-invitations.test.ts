import { deferred } from '../../client/deferred.ts'
import { Invitations, type InvitationsOptions } from '../../client/invitations.ts'
import type { Invitation, Replies } from '../../client/requests.ts'
import { settled } from '../client/manual-clock.ts'
import { memoryStorage } from '../client/memory-storage.ts'

const invitation = (invitationId: number) => ({ invitationId }) as Invitation

/** Pages of a server: the invitations after a number, and the number for the next page. */
type Page = readonly [ids: readonly number[], last: number]

/** The invitations of Alice, with those that were raised and the numbers that were asked for. */
function someInvitations(pages: Record<number, Page> = {}, options: Partial<InvitationsOptions> = {}) {
  const [raised, asked, storage] = [[] as number[], [] as number[], memoryStorage()]
  const invitations = new Invitations({
    storage,
    user: () => 'alice',
    fetch: async (after) => {
      asked.push(after)
      if (asked.length > 10) throw new Error('The server is asked without end.')
      const [ids, last] = pages[after] ?? [[], after]
      return { invitations: ids.map(invitation), last } as unknown as Replies['invitations']
    },
    onInvitation: ({ invitationId }) => void raised.push(invitationId),
    ...options,
  })
  return { invitations, raised, asked, storage, key: 'persistent-chat/invitations/alice' }
}

describe('invitations', () => {
  it('are fetched page after page until a page has no later number', async () => {
    const { invitations, raised, asked, storage, key } = someInvitations({ 0: [[1, 2], 2], 2: [[3], 3] })
    await invitations.catchUp()
    expect([raised, asked, storage.kept.get(key)]).toEqual([[1, 2, 3], [0, 2, 3], '3'])
    await invitations.catchUp()
    expect([raised, asked]).toEqual([
      [1, 2, 3],
      [0, 2, 3, 3],
    ])
  })

  it.each<[string, string | undefined, number]>([
    ['a stored number', '7', 7],
    ['0 if nothing is stored', undefined, 0],
    ['0 if the stored text is no number', 'seven', 0],
    ['0 if the stored number is no integer', '7.5', 0],
  ])('are fetched after %s', async (_, stored, after) => {
    const { invitations, asked, storage, key } = someInvitations()
    if (stored !== undefined) storage.kept.set(key, stored)
    await invitations.catchUp()
    expect(asked).toEqual([after])
  })

  it('are fetched after the last one that was raised, if that is later than the stored number', async () => {
    const { invitations, asked, storage, key } = someInvitations({ 0: [[1, 2], 2] })
    await invitations.catchUp()
    storage.kept.set(key, '1')
    await invitations.catchUp()
    expect(asked).toEqual([0, 2, 2])
  })

  it('that are pushed are raised once, and the number moves over those without a gap', async () => {
    const { invitations, raised, storage, key } = someInvitations({ 0: [[1], 1] })
    await invitations.catchUp()
    for (const id of [3, 3, 1]) invitations.receive(invitation(id))
    await settled()
    expect([raised, storage.kept.get(key)]).toEqual([[1, 3], '1'])
    invitations.receive(invitation(2))
    await settled()
    expect([raised, storage.kept.get(key)]).toEqual([[1, 3, 2], '3'])
    for (const id of [2, 3]) invitations.receive(invitation(id))
    expect(raised).toEqual([1, 3, 2])
  })

  it('that are pushed before the first page are raised at once, and not again with the page', async () => {
    const { invitations, raised, asked, storage } = someInvitations({ 0: [[1, 2], 2] })
    invitations.receive(invitation(2))
    await settled()
    expect([raised, [...storage.kept]]).toEqual([[2], []])
    await invitations.catchUp()
    expect([raised, asked]).toEqual([
      [2, 1],
      [0, 2],
    ])
  })

  it('are not stored again if the number has not changed, and not at all while there are none', async () => {
    const { invitations, storage } = someInvitations({ 0: [[], 0] })
    const set = jest.spyOn(storage, 'set')
    await invitations.catchUp()
    expect(set).not.toHaveBeenCalled()
    const other = someInvitations({ 0: [[1], 1] })
    const setOther = jest.spyOn(other.storage, 'set')
    await other.invitations.catchUp()
    await other.invitations.catchUp()
    expect(setOther.mock.calls).toEqual([[other.key, '1']])
  })

  it('of which some numbers are gone are counted up to the number of the page', async () => {
    const { invitations, asked, raised, storage, key } = someInvitations({ 0: [[3], 5] })
    await invitations.catchUp()
    expect([raised, asked, storage.kept.get(key)]).toEqual([[3], [0, 5], '5'])
    invitations.receive(invitation(4))
    expect(raised).toEqual([3])
  })

  it('that are pushed while a page is fetched are not raised again after it', async () => {
    const page = deferred<Replies['invitations']>()
    const { invitations, raised, storage, key } = someInvitations({}, { fetch: () => page.promise })
    storage.kept.set(key, '1')
    const first = invitations.catchUp()
    page.resolve({ invitations: [], last: 1 } as unknown as Replies['invitations'])
    await first
    const second = invitations.catchUp()
    invitations.receive(invitation(2))
    await second
    invitations.receive(invitation(2))
    await settled()
    expect([raised, storage.kept.get(key)]).toEqual([[2], '2'])
  })

  it('are neither raised nor fetched after their end', async () => {
    const { invitations, raised, asked } = someInvitations({ 0: [[1], 1] })
    invitations.end()
    invitations.receive(invitation(1))
    await invitations.catchUp()
    expect([raised, asked]).toEqual([[], []])
  })

  it('survive a failed page and a storage that throws', async () => {
    const denied = () => Promise.reject(new Error('Denied.'))
    const { invitations, raised, asked } = someInvitations(
      { 0: [[1], 1] },
      { storage: { get: denied, set: denied, remove: denied } },
    )
    await invitations.catchUp()
    expect([raised, asked]).toEqual([[1], [0, 1]])
    const failing = someInvitations({}, { fetch: denied })
    await expect(failing.invitations.catchUp()).resolves.toBeUndefined()
  })
})
