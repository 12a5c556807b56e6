import { ChatSocket } from '../support/socket/chat-socket.ts'
import { aStage, inBrowser } from './visitor.ts'

/** Scrolls to the start. It repeats that, because rendering before the scroll event may scroll back to the end. */
const scrollToStart = `new Promise((resolve) => {
  const view = document.querySelector('.timeline')
  const check = () => {
    if (view.scrollTop > 0) view.scrollTop = 0
    else resolve(view.removeEventListener('scroll', check))
  }
  view.addEventListener('scroll', check)
  view.scrollTop = 0
})`

inBrowser('a room on the page', () => {
  const stage = aStage()

  test('loads earlier messages when the user scrolls up, and keeps the view in place', async () => {
    const { visitor, run } = stage()
    const alice = await visitor()
    await alice.signIn('Alice')
    await alice.makeRoom('Archive')
    // Eight authors, so that the rate limits do not apply.
    const people = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => ChatSocket.open(run.url, await run.token(`speaker${n}`))),
    )
    const [joined] = await Promise.all(people.map((person) => person.ask('join', { roomName: 'Archive' })))
    const roomId = joined?.room.roomId
    for (let n = 1; n <= 120; n++) await people[n % 8]?.ask('send', { roomId, text: `line ${n}.` })

    const bob = await visitor()
    await bob.signIn('Bob')
    await bob.joinFromDirectory('Archive')
    await bob.reads('line 120.')
    expect(await bob.messages.count()).toBe(50)
    const before = bob.messages.filter({ hasText: 'line 71.' })
    await bob.page.evaluate(scrollToStart)
    await bob.reads('line 21.')
    await before.waitFor()
    expect(await bob.page.evaluate("document.querySelector('.timeline').scrollTop")).toBeGreaterThan(500)
    await bob.page.evaluate(scrollToStart)
    await bob.page.getByText('This is the beginning of Archive.').waitFor()
    expect(await bob.readAll()).toEqual(Array.from({ length: 120 }, (_, index) => `line ${index + 1}.`))
    await Promise.all(people.map((person) => person.close()))
  })

  test('can be searched for words', async () => {
    const alice = await stage().visitor()
    await alice.signIn('Alice')
    await alice.makeRoom('Library')
    await alice.say('the quick brown fox')
    await alice.say('a lazy dog')
    await alice.reads('a lazy dog')
    await alice.button('Search').click()
    const panel = alice.page.getByRole('complementary', { name: 'Search' })
    await panel.getByLabel('Words in Library').fill('fox')
    await alice.page.keyboard.press('Enter')
    await panel.getByText('the quick brown fox').waitFor()
    expect(await panel.locator('.message').count()).toBe(1)
    await alice.page.keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })
  })

  test('can be opened by its manager for a user, who gets the invitation at once, and closed again', async () => {
    const { visitor } = stage()
    const [alice, bob] = [await visitor(), await visitor()]
    await bob.signIn('Bob')
    await alice.signIn('Alice')
    await alice.makeRoom('Council', (dialog) => dialog.getByLabel(/^Closed/).check())
    const roles = alice.page.getByRole('region', { name: 'Roles' })
    await roles.getByRole('combobox', { name: /^An id/ }).fill('bob')
    await roles.getByRole('button', { name: 'Give' }).click()
    const invitation = bob.page.getByRole('region', { name: 'Invitation to Council' })
    await invitation.getByRole('button', { name: 'Join' }).click()
    await bob.shows('Council')
    await bob.say('thank you')
    await alice.reads('thank you')

    await roles.getByRole('button', { name: 'bob is no member any more' }).click()
    await bob.page.getByText('You are no longer a member of this room.').waitFor()
    await bob.button('Remove it from the list').click()
    await bob.page.getByRole('navigation').getByRole('button', { name: 'Council' }).waitFor({ state: 'hidden' })
  })

  test('that is an auditorium can be read but not written by a user who is not a presenter', async () => {
    const { visitor } = stage()
    const [alice, bob] = [await visitor(), await visitor()]
    await alice.signIn('Alice')
    await alice.makeRoom('Stage', (dialog) => dialog.getByLabel(/^Auditorium/).check())
    await bob.signIn('Bob')
    await bob.joinFromDirectory('Stage')
    await alice.say('welcome, everyone')
    await bob.reads('welcome, everyone')
    await bob.page.getByText('This is an auditorium: only presenters post here.').waitFor()
  })

  test('can be edited by its manager, which everyone sees, and disabled, which excludes everyone', async () => {
    const { visitor } = stage()
    const [alice, bob] = [await visitor(), await visitor()]
    await alice.signIn('Alice')
    await alice.makeRoom('Workshop')
    await bob.signIn('Bob')
    await bob.joinFromDirectory('Workshop')
    await alice.button('Room settings').click()
    const settings = alice.page.getByRole('complementary', { name: 'Settings' })
    await settings.getByLabel('Description').fill('Bring your own tools')
    await settings.getByRole('button', { name: 'Save' }).click()
    // The form is reset with the new settings, so Alice must have them as well.
    for (const { page } of [alice, bob]) await page.getByRole('main').getByText('Bring your own tools').waitFor()
    await settings.getByRole('button', { name: 'Disable …' }).click()
    await settings.getByRole('button', { name: 'Disable it' }).click()
    await bob.page.getByText('This room was disabled. Its messages are kept.').waitFor()
  })

  test('cannot get the name of another room, which the form reports', async () => {
    const { visitor } = stage()
    const alice = await visitor()
    await alice.signIn('Alice')
    await alice.makeRoom('Twice')
    await alice.openList()
    await alice.page.getByRole('navigation').getByRole('button', { name: 'New room' }).click()
    const dialog = alice.page.getByRole('dialog', { name: 'New room' })
    await dialog.getByLabel('Name').fill('twice')
    await alice.page.keyboard.press('Enter')
    await dialog.getByRole('alert').filter({ hasText: 'There is a room of that name already.' }).waitFor()
  })

  test('that could not be joined once is joined at the next connection', async () => {
    let isFailing = false
    const alice = await stage().visitor({}, (context) =>
      context.routeWebSocket('**/*', (socket) => {
        const server = socket.connectToServer()
        socket.onMessage((text) => {
          const { id, action }: { id: string; action: string } = JSON.parse(String(text))
          const error = { code: 'internal', message: 'Something went wrong.', retryable: false }
          if (isFailing && action === 'join') socket.send(JSON.stringify({ id, ok: false, error }))
          else server.send(text)
        })
      }),
    )
    await alice.signIn('Alice')
    await alice.makeRoom('Greenhouse')
    isFailing = true
    await alice.page.reload()
    await alice.isIn()
    const line = alice.page.getByRole('navigation').getByRole('button', { name: 'Greenhouse' })
    expect(await line.count()).toBe(0)
    await alice.page.reload()
    await alice.isIn()
    isFailing = false
    await alice.flipNetwork()
    await alice.page.getByText('Offline: the network is cut').waitFor()
    await alice.flipNetwork()
    await line.waitFor()
  })
})
