import { roles as everyRole, type Grant, type Role } from '../../lambdas/domain/access/roles.ts'
import { roomOf } from '../support/memory/fixtures.ts'
import { fresh, type Stores } from './ports.ts'

/** The behaviour of every GrantStore. */
export function grantContract(stores: () => Stores): void {
  const roles = () => stores().roles

  const grantOf = (role: Role, principal: string): Grant => ({ role, principal, createdAt: 12, createdBy: 'ana' })
  const grantAt = (createdAt: number, roomId: string, role: Role, ...principals: string[]) =>
    roles().grant(
      roomId,
      principals.map((principal) => ({ ...grantOf(role, principal), createdAt })),
    )
  const grant = (roomId: string, role: Role, ...principals: string[]) => grantAt(12, roomId, role, ...principals)

  /** A room without grants: that of its creator is revoked. */
  async function emptyRoom() {
    const room = roomOf(fresh('room'), { name: fresh('Roles') })
    await stores().rooms.create(room, undefined)
    await roles().revoke(room.roomId, 'manager', ['user:maker'])
    return room
  }

  async function everyPage(roomId: string, role: Role | undefined): Promise<Grant[][]> {
    const pages: Grant[][] = []
    let from: string | undefined
    do {
      const page = await roles().list(roomId, role, from)
      pages.push(page.grants)
      from = page.next
    } while (from !== undefined)
    return pages
  }

  it('returns the principals that did not hold the role before', async () => {
    const { roomId } = await emptyRoom()
    expect(await grant(roomId, 'member', 'user:ana', 'group:ops')).toEqual(['user:ana', 'group:ops'])
    expect(await grantAt(13, roomId, 'member', 'user:ana', 'user:ben', 'everyone')).toEqual(['user:ben', 'everyone'])
    expect(await grant(roomId, 'manager', 'user:ana')).toEqual(['user:ana'])
  })

  it('keeps the user and the time of the first grant', async () => {
    const { roomId } = await emptyRoom()
    await grant(roomId, 'member', 'user:ana')
    await roles().grant(roomId, [{ role: 'member', principal: 'user:ana', createdAt: 99, createdBy: 'ben' }])
    expect(await roles().list(roomId, 'member', undefined)).toEqual({ grants: [grantOf('member', 'user:ana')] })
  })

  it('returns the principals that held the revoked role', async () => {
    const { roomId } = await emptyRoom()
    await grant(roomId, 'member', 'user:ana', 'user:ben')
    await grant(roomId, 'manager', 'user:cem')
    expect(await roles().revoke(roomId, 'member', ['user:ben', 'user:cem', 'user:ana'])).toEqual([
      'user:ben',
      'user:ana',
    ])
    expect(await roles().revoke(roomId, 'member', ['user:ben'])).toEqual([])
    expect((await roles().held(roomId, ['user:ana', 'user:ben', 'user:cem'])).roles).toEqual(['manager'])
  })

  it('reports exactly one of many concurrent grants or revocations as the change', async () => {
    const { roomId } = await emptyRoom()
    const granted = await Promise.all(Array.from({ length: 5 }, (_, at) => grantAt(at, roomId, 'member', 'user:ana')))
    expect(granted.flat()).toEqual(['user:ana'])
    const revoked = await Promise.all(Array.from({ length: 5 }, () => roles().revoke(roomId, 'member', ['user:ana'])))
    expect(revoked.flat()).toEqual(['user:ana'])
  })

  it('reads a room together with the roles of a user from all their principals', async () => {
    const room = await emptyRoom()
    await grant(room.roomId, 'member', 'everyone')
    await grant(room.roomId, 'manager', 'group:ops')
    await grant(room.roomId, 'presenter', 'user:ana')
    const held = (...principals: string[]) => roles().held(room.roomId, principals)
    expect(await held('user:ana', 'group:ops', 'everyone')).toEqual({ room, roles: [...everyRole] })
    expect(await held('user:ben', 'everyone')).toEqual({ room, roles: ['member'] })
    expect(await held('user:ops', 'group:ana')).toEqual({ room, roles: [] })
  })

  it('reads more principals than fit in one batch of the database', async () => {
    const room = await emptyRoom()
    const groups = Array.from({ length: 40 }, (_, nr) => `group:g${nr}`)
    await grant(room.roomId, 'member', 'group:g0')
    await grant(room.roomId, 'presenter', 'group:g39')
    const held = await roles().held(room.roomId, ['user:ana', ...groups, 'everyone'])
    expect(held).toEqual({ room, roles: ['member', 'presenter'] })
  })

  it('accepts the same principal twice', async () => {
    const room = await emptyRoom()
    await grant(room.roomId, 'member', 'group:ops')
    expect(await roles().held(room.roomId, ['group:ops', 'group:ops'])).toEqual({ room, roles: ['member'] })
  })

  it('counts the grants of all roles and finds those that are missing', async () => {
    const { roomId } = await emptyRoom()
    expect(await roles().count(roomId)).toBe(0)
    const wanted = ['user:ana', 'group:ops'].map((principal) => grantOf('member', principal))
    expect(await roles().missing(roomId, wanted)).toEqual(wanted)
    await grant(roomId, 'member', 'user:ana', 'everyone')
    await grant(roomId, 'manager', 'user:ana', 'group:ops')
    expect(await roles().missing(roomId, wanted)).toEqual(wanted.slice(1))
    expect(await roles().missing(roomId, [])).toEqual([])
    expect(await roles().count(roomId)).toBe(4)
    await roles().revoke(roomId, 'manager', ['user:ana'])
    expect(await roles().count(roomId)).toBe(3)
  })

  it('returns no room and no roles for an unknown room', async () => {
    expect(await roles().held(fresh('room'), ['user:ana', 'everyone'])).toEqual({ room: undefined, roles: [] })
  })

  it('does not mix up rooms or unusual principals', async () => {
    const { roomId } = await emptyRoom()
    const other = await emptyRoom()
    const unusual = ['user:a:b', 'user:a#b', 'group:😀 öffentlich', 'user:everyone', 'group:user#ana']
    await grant(roomId, 'member', ...unusual)
    const listed = (await everyPage(roomId, 'member')).flat()
    expect(listed.map((one) => one.principal).sort()).toEqual([...unusual].sort())
    for (const principal of unusual) expect((await roles().held(roomId, [principal])).roles).toEqual(['member'])
    for (const principal of ['everyone', 'user:ana', 'user:a', 'group:a:b']) {
      expect((await roles().held(roomId, [principal])).roles).toEqual([])
    }
    expect((await roles().held(other.roomId, unusual)).roles).toEqual([])
  })

  it('lists the grants of one role or of all roles, with their user and time', async () => {
    const { roomId } = await emptyRoom()
    await grant(roomId, 'member', 'user:ana')
    await grant(roomId, 'manager', 'user:ana')
    expect(await roles().list(roomId, 'member', undefined)).toEqual({ grants: [grantOf('member', 'user:ana')] })
    expect(await roles().list(roomId, 'presenter', undefined)).toEqual({ grants: [] })
    expect(await roles().list(roomId, undefined, undefined)).toEqual({
      grants: [grantOf('manager', 'user:ana'), grantOf('member', 'user:ana')],
    })
  })

  it('lists several pages of grants, each grant once and in order', async () => {
    const { roomId } = await emptyRoom()
    const principals = Array.from({ length: 205 }, (_, nr) => `user:u${String(nr).padStart(3, '0')}`)
    await grant(roomId, 'member', ...principals)
    await grant(roomId, 'manager', 'user:u000')
    const members = await everyPage(roomId, 'member')
    expect(members.map((page) => page.length)).toEqual([100, 100, 5])
    expect(members.flat().map((one) => one.principal)).toEqual(principals)
    const all = (await everyPage(roomId, undefined)).flat()
    expect(all.map(({ role, principal }) => `${role} ${principal}`)).toEqual([
      'manager user:u000',
      ...principals.map((principal) => `member ${principal}`),
    ])
  })

  it('returns no next page after exactly one full page', async () => {
    const { roomId } = await emptyRoom()
    await grant(roomId, 'member', ...Array.from({ length: 100 }, (_, nr) => `user:${nr}`))
    expect((await everyPage(roomId, 'member')).map((page) => page.length)).toEqual([100])
  })

  it('continues after a page whose last grant was revoked', async () => {
    const { roomId } = await emptyRoom()
    const principals = Array.from({ length: 102 }, (_, nr) => `user:${String(nr).padStart(3, '0')}`)
    await grant(roomId, 'member', ...principals)
    const { next } = await roles().list(roomId, 'member', undefined)
    await roles().revoke(roomId, 'member', ['user:099'])
    const rest = await roles().list(roomId, 'member', next)
    expect(rest.grants.map((one) => one.principal)).toEqual(['user:100', 'user:101'])
  })
}
