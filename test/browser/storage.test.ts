import { aStage, inBrowser, type Visitor } from './visitor.ts'

const waiting = ({ page }: Visitor) => page.getByRole('region', { name: 'Waiting to be sent' })

const open = ({ page }: Visitor, room: string) =>
  page
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${room}`) })
    .click()

const invitation = ({ page }: Visitor, room: string) => page.getByRole('region', { name: `Invitation to ${room}` })

const blocked = `for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, { get() { throw new DOMException('It is blocked.', 'SecurityError') } })`

const full = `Storage.prototype.setItem = () => { throw new DOMException('It is full.', 'QuotaExceededError') }`

const withoutTls = `for (const [prototype, name] of [[Crypto, 'randomUUID'], [Crypto, 'subtle'], [Navigator, 'locks']])
  Object.defineProperty(prototype.prototype, name, { value: undefined })`

const untilKept = (text: string) => `new Promise((resolve) => {
  const check = () =>
    JSON.stringify({ ...localStorage }).includes(${JSON.stringify(text)}) ? resolve() : requestAnimationFrame(check)
  check()
})`

/** Sends messages without a connection, and waits until the browser has stored them. */
async function sayOffline(visitor: Visitor, ...texts: string[]): Promise<void> {
  await visitor.flipNetwork()
  await visitor.page.getByText('Offline: the network is cut').waitFor()
  for (const text of texts) await visitor.say(text)
  await waiting(visitor)
    .getByText(texts.at(-1) ?? '')
    .waitFor()
  await visitor.page.evaluate(untilKept(texts.at(-1) ?? ''))
}

inBrowser('the storage of the browser', () => {
  const stage = aStage()

  test('keeps unsent messages of each tab, which are sent once, also after the tab is closed', async () => {
    const { visitor } = stage()
    const [first, bob] = [await visitor(), await visitor()]
    await first.signIn('Alice')
    await first.makeRoom('Ferry')
    await bob.signIn('Bob')
    await bob.joinFromDirectory('Ferry')
    const second = await first.anotherTab()
    await second.signIn('Alice')
    await open(second, 'Ferry')

    await sayOffline(second, 'from the second tab')
    await sayOffline(first, 'one', 'two')
    // The copy is connected and has the session storage of the first tab.
    const copy = await first.duplicate()
    await copy.isIn()
    await open(copy, 'Ferry')
    await copy.say('from the copy')
    await bob.reads('from the copy')
    // Bob may have the message before the copy has its reply.
    await waiting(copy).waitFor({ state: 'hidden' })
    expect(await bob.readAll()).toEqual(['from the copy'])

    await first.page.reload()
    await bob.reads('two')
    expect(await bob.readAll()).toEqual(['from the copy', 'one', 'two'])
    await waiting(second).getByText('from the second tab').waitFor()

    await second.page.close()
    await copy.page.reload()
    await bob.reads('from the second tab')
    const said = ['from the copy', 'one', 'two', 'from the second tab']
    await open(copy, 'Ferry')
    await copy.reads('from the second tab')
    expect(await copy.readAll()).toEqual(said)
    expect(await bob.readAll()).toEqual(said)
  })

  test('keeps invitations of an absent user until the user has decided', async () => {
    const { visitor, run } = stage()
    const [alice, bob] = [await visitor(), await visitor()]
    await bob.signIn('Bob')
    await bob.page.goto('about:blank')
    await alice.signIn('Alice')
    for (const name of ['Choir', 'Orchestra', 'Band']) {
      await alice.makeRoom(name, (dialog) => dialog.getByLabel(/^Closed/).check())
      const roles = alice.page.getByRole('region', { name: 'Roles' })
      await roles.getByRole('combobox', { name: /^An id/ }).fill('bob')
      await roles.getByRole('button', { name: 'Give' }).click()
      await roles.getByRole('button', { name: 'bob is no member any more' }).waitFor()
    }

    await bob.page.goto(`${run.origin}/`)
    for (const name of ['Choir', 'Orchestra', 'Band']) await invitation(bob, name).waitFor()
    await bob.picture('invitations-1280-light')
    const tab = await bob.anotherTab()
    await tab.signIn('Bob')
    await invitation(tab, 'Orchestra').waitFor()
    await invitation(bob, 'Choir').getByRole('button', { name: 'Join' }).click()
    await bob.shows('Choir')
    await invitation(bob, 'Orchestra').getByRole('button', { name: 'Not now' }).click()
    await invitation(bob, 'Orchestra').waitFor({ state: 'hidden' })
    await invitation(tab, 'Orchestra').waitFor({ state: 'hidden' })
    expect(await invitation(tab, 'Choir').count()).toBe(0)

    await bob.page.reload()
    await bob.isIn()
    await invitation(bob, 'Band').waitFor()
    expect(await bob.page.getByRole('region', { name: /^Invitation/ }).count()).toBe(1)
    await bob.page.getByRole('navigation').getByRole('button', { name: 'Choir' }).waitFor()
  })

  test.each([
    ['is blocked', 'Cellar', blocked],
    ['is full', 'Attic', full],
    ['has no locks because the page has no TLS', 'Shed', withoutTls],
  ])('is not needed to talk: it %s', async (_, room, script) => {
    const alice = await stage().visitor({}, (context) => context.addInitScript(script))
    await alice.signIn('Alice')
    await alice.makeRoom(room)
    await alice.say('hello')
    await alice.reads('hello')
    await waiting(alice).waitFor({ state: 'hidden' })
    expect(alice.consoleErrors).toEqual([])
  })
})
