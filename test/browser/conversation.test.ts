import { aStage, inBrowser } from './visitor.ts'

/** Resolves when the title of the page begins with a number of unread messages. */
const titleWithNumber = `new Promise((resolve) => {
  const check = () => (/^\\(\\d+\\) /.test(document.title) ? resolve() : requestAnimationFrame(check))
  check()
})`

inBrowser('the page', () => {
  const stage = aStage()

  test('creates the Lobby with one button for the first user, and the second user finds it and can talk', async () => {
    const { visitor } = stage()
    const [alice, bob] = [await visitor(), await visitor()]
    await alice.signIn('Alice')
    await alice.button('Make and join “Lobby”').click()
    await alice.shows('Lobby')
    await bob.signIn('Bob')
    await bob.joinFromDirectory('Lobby')
    await alice.page.getByRole('region', { name: 'Here now' }).getByText('Bob').waitFor()

    await alice.say('Good morning, Bob')
    await bob.reads('Good morning, Bob')
    await bob.say('Morning :) see https://example.com/plan, and meet in #Lobby')
    await alice.reads('see https://example.com/plan, and meet in #Lobby')
    const [message] = [alice.messages.filter({ hasText: 'meet in' })]
    await message.getByRole('img', { name: /^smile/ }).waitFor()
    await message.getByRole('button', { name: '#Lobby' }).waitFor()
    expect(await message.getByRole('link').getAttribute('href')).toBe('https://example.com/plan')
    expect(await message.getByRole('link').getAttribute('rel')).toContain('noopener')
    expect([...alice.consoleErrors, ...bob.consoleErrors]).toEqual([])
  })

  test('highlights an alert, opens a story with a click and closes it with Esc', async () => {
    const { visitor } = stage()
    const [alice, bob] = [await visitor(), await visitor()]
    await alice.signIn('Alice')
    await alice.makeRoom('Incidents')
    await bob.signIn('Bob')
    await bob.joinFromDirectory('Incidents')

    await alice.button('Alert').click()
    await alice.say('The lift is stuck')
    await bob.page.locator('.message.alert', { hasText: 'The lift is stuck' }).waitFor()
    await bob.page
      .locator('[aria-live=assertive]', { hasText: 'Alert from Alice: The lift is stuck' })
      .waitFor({ state: 'attached' })

    await alice.button('Write a story').click()
    const writing = alice.page.getByRole('dialog', { name: 'Write a story' })
    await writing.getByLabel('Title').fill('What became of the lift')
    await writing.getByLabel('Text', { exact: true }).fill('It was a fuse.\n\nNothing else.')
    await writing.getByRole('button', { name: 'Post the story' }).click()
    await bob.button(/^What became of the lift/).click()
    const reading = bob.page.getByRole('dialog', { name: 'What became of the lift' })
    await reading.getByText('Nothing else.').waitFor()
    await bob.page.keyboard.press('Escape')
    await reading.waitFor({ state: 'hidden' })
  })

  test('shows markup as text', async () => {
    const alice = await stage().visitor()
    await alice.signIn('Alice')
    await alice.makeRoom('Markup')
    await alice.say('<img src=x onerror="document.title=1"> <b>bold</b>')
    await alice.reads('<img src=x onerror="document.title=1"> <b>bold</b>')
    expect(await alice.messages.locator('img, b').count()).toBe(0)
  })

  test('counts unread messages of a hidden room, and keeps rooms and counts after a reload', async () => {
    const { visitor } = stage()
    const [alice, bob] = [await visitor(), await visitor()]
    await alice.signIn('Alice')
    await alice.makeRoom('Kitchen')
    await alice.makeRoom('Garden')
    await bob.signIn('Bob')
    await bob.joinFromDirectory('Kitchen')
    await bob.say('The soup')
    await bob.say('is ready')

    const kitchen = alice.page.getByRole('navigation').getByRole('button', { name: /^Kitchen/ })
    await alice.page.getByRole('button', { name: 'Kitchen 2 unread' }).waitFor()
    await alice.page.evaluate(titleWithNumber)
    await alice.page.reload()
    await alice.page.getByRole('button', { name: 'Kitchen 2 unread' }).waitFor()
    await kitchen.click()
    await alice.reads('is ready')
    await alice.page.getByRole('button', { name: 'Kitchen', exact: true }).waitFor()
  })

  test('removes a user who leaves from the list of participants', async () => {
    const { visitor } = stage()
    const [alice, bob] = [await visitor(), await visitor()]
    await alice.signIn('Alice')
    await alice.makeRoom('Hall')
    await bob.signIn('Bob')
    await bob.joinFromDirectory('Hall')
    const here = alice.page.getByRole('region', { name: 'Here now' })
    await here.getByText('Bob').waitFor()
    await bob.button('Leave the room').click()
    await here.getByText('Bob').waitFor({ state: 'hidden' })
    await bob.page.getByRole('navigation').getByRole('button', { name: /^Hall/ }).waitFor({ state: 'hidden' })
  })
})
