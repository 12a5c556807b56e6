import { digestOf, invitationPrefix, keys, principalOf, rolePrefix } from '../../lambdas/store/keys.ts'

const at = (pk: string, sk: string) => ({ pk, sk })

/** Existing items have these keys, so they must not change. */
describe('the keys of items', () => {
  it.each([
    ['a connection', keys.connection('c1'), at('connection#c1', 'connection')],
    ['a session', keys.session('r1', 'c1'), at('room#r1', 'connection#c1')],
    ['the count of a room', keys.crowd('r1'), at('crowd#r1', 'crowd')],
    ['the guests of a minute', keys.guestMinute('192.0.2.7', 5), at('guests#192.0.2.7', 'minute#5')],
    ['a room', keys.room('r1'), at('room#r1', 'room')],
    ['a removed room', keys.removedRoom('r1'), at('room#r1', 'removed')],
    ['the name of a room', keys.names('Lobby')[0], at('name#lobby', 'name')],
    ['a category', keys.category('g'), at('categories', 'category#g')],
    ['the name of a category', keys.categoryNames('News')[0], at('categoryName#news', 'name')],
    ['a profile', keys.profile('ana'), at('user#ana', 'profile')],
    ['a grant', keys.grant('r1', 'member', 'user:ana'), at('room#r1', 'role#member#user#ana')],
    ['a grant to a group', keys.grant('r1', 'manager', 'group:a:b'), at('room#r1', 'role#manager#group#a:b')],
    ['a grant to everyone', keys.grant('r1', 'presenter', 'everyone'), at('room#r1', 'role#presenter#everyone')],
    ['a room by its `clientRoomId`', keys.clientRoom('ana', 'x'), at('user#ana', 'clientRoom#x')],
    ['an invitation', keys.invitation('ana', 17), at('user#ana', 'invitation#0000000000000017')],
    ['a preference', keys.preference('ana', 'colours'), at('user#ana', 'preference#colours')],
    ['an event of the record', keys.recordLine('r1', 'p'), at('record#r1', 'p')],
    ['an entry of a log', keys.entry('r1', 5), { roomId: 'r1', seq: 5 }],
  ])('are stable for %s', (_, key, expected) => expect(key).toEqual(expected))

  it('of invitations are sorted like their numbers', () => {
    const numbers = [1, 9, 10, 99, 1_700_000_000_000, Number.MAX_SAFE_INTEGER]
    const sortKeys = numbers.map((number) => String(keys.invitation('ana', number).sk))
    expect(sortKeys.toSorted()).toEqual(sortKeys)
    expect(new Set(sortKeys.map(({ length }) => length)).size).toBe(1)
    expect(sortKeys.every((sortKey) => sortKey.startsWith(invitationPrefix))).toBe(true)
  })

  it('of grants have a common prefix for one role and for all', () => {
    expect(rolePrefix('member')).toBe('role#member#')
    expect(rolePrefix(undefined)).toBe('role#')
  })

  it('of grants contain the principal', () => {
    for (const principal of ['user:ana', 'group:a:b#c', 'user:#', 'everyone'] as const) {
      const sortKey = String(keys.grant('r', 'member', principal).sk)
      expect(principalOf(sortKey.slice(rolePrefix('member').length))).toBe(principal)
    }
  })

  it('of names are the same for the same folded name', () => {
    expect(keys.names('  STRASSE ')).toEqual(keys.names('strasse'))
    expect(keys.names('a')).not.toEqual(keys.names('b'))
  })

  it('of a name are two if versions before 0.2 folded it in another way', () => {
    expect(keys.names('Straße')).toEqual([at('name#strasse', 'name'), at('name#straße', 'name')])
    expect(keys.categoryNames('\u2764\ufe0f')).toEqual([
      at('categoryName#\u2764', 'name'),
      at('categoryName#\u2764\ufe0f', 'name'),
    ])
  })

  it('of folded names longer than 1,024 bytes contain a digest', () => {
    expect(keys.names('a'.repeat(1024))[0]).toEqual(at(`name#${'a'.repeat(1024)}`, 'name'))
    const [long] = keys.names('a'.repeat(1025))
    expect(long).toEqual(at('nameDigest#SoIpeInrUFz2tcvfaZd6-r', 'name'))
    expect(keys.categoryNames('a'.repeat(1025))[0].pk).toBe(String(long.pk).replace('name', 'categoryName'))
    expect(keys.names('ä'.repeat(512))[0].pk).toBe(`name#${'ä'.repeat(512)}`)
    expect(keys.names('ä'.repeat(513))[0].pk).toMatch(/^nameDigest#[\w-]{22}$/)
  })

  it('use digests of 22 characters of SHA-256 in base64url', () => {
    expect(digestOf('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7')
  })
})
