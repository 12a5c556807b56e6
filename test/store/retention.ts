import { fresh, type Stores } from './ports.ts'

/** The behaviour of every RetentionStore. */
export function retentionContract(stores: () => Stores): void {
  const retention = () => stores().retention

  it('has no rule, no hold and no progress at first', async () => {
    expect(await retention().hasRules()).toBe(false)
    expect(await retention().daysOf({ roomId: fresh('room') })).toBeUndefined()
    expect(await retention().isHeld({ user: fresh('user') })).toBe(false)
    expect([...(await retention().heldUsers())]).toEqual([])
    expect(await retention().nextRoom()).toBe('')
  })

  it('keeps the last rule of a room and of a category until it is removed', async () => {
    const [roomId, categoryId] = [fresh('same'), fresh('category')]
    await retention().setDays({ roomId }, 30)
    await retention().setDays({ categoryId: roomId }, 7)
    await retention().setDays({ categoryId }, 90)
    await retention().setDays({ categoryId }, 60)
    expect(await retention().daysOf({ roomId })).toBe(30)
    expect(await retention().daysOf({ categoryId })).toBe(60)
    expect(await retention().hasRules()).toBe(true)
    await retention().setDays({ roomId }, undefined)
    await retention().setDays({ roomId }, undefined)
    expect([await retention().daysOf({ roomId }), await retention().daysOf({ categoryId: roomId })]).toEqual([
      undefined,
      7,
    ])
  })

  it('keeps holds on rooms and on users until they end', async () => {
    const [same, other] = [fresh('same'), fresh('user')]
    await retention().setHold({ roomId: same }, true)
    await retention().setHold({ user: other }, true)
    await retention().setHold({ user: other }, true)
    expect([await retention().isHeld({ roomId: same }), await retention().isHeld({ user: same })]).toEqual([
      true,
      false,
    ])
    expect([...(await retention().heldUsers())]).toEqual([other])
    await retention().setHold({ user: other }, false)
    await retention().setHold({ roomId: same }, false)
    expect([await retention().isHeld({ roomId: same }), (await retention().heldUsers()).size]).toEqual([false, 0])
  })

  it('keeps the room with which the next run begins', async () => {
    await retention().setNextRoom('r')
    expect(await retention().nextRoom()).toBe('r')
    await retention().setNextRoom('')
    expect(await retention().nextRoom()).toBe('')
  })
}
