import { readFileSync } from 'node:fs'
import { aStage, inBrowser, type Visitor } from './visitor.ts'

jest.setTimeout(300_000)

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  impact: string
  nodes: { html: string; failureSummary: string }[]
}

/** The serious accessibility violations that axe finds. */
async function violationsOn({ page }: Visitor): Promise<string[]> {
  await page.evaluate(axe)
  const violations: Violation[] = await page.evaluate('axe.run().then(({ violations }) => violations)')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`)
}

/** Creates a room with messages of each kind. */
async function fillRoom(alice: Visitor, bob: Visitor): Promise<void> {
  await alice.signIn('Alice Archer')
  await alice.makeRoom('Release 4.2', async (dialog) => {
    await dialog.getByLabel('Description').fill('What goes out on Thursday, and what does not')
  })
  await bob.signIn('Bob Baker')
  await bob.joinFromDirectory('Release 4.2')
  await alice.say('Good morning. The build of last night is green, so we can freeze at noon.')
  await alice.say('Notes are at https://example.com/release/4.2 ;)')
  await bob.reads('Notes are at')
  await bob.say(
    'Great. One thing is left: the import of large files is slow when the disk is nearly full. I will look at it now.',
  )
  await alice.reads('One thing is left')
  await bob.button('Alert').click()
  await bob.say('The staging database is read-only from 11:30 to 11:45')
  await alice.button('Write a story').click()
  const writing = alice.page.getByRole('dialog', { name: 'Write a story' })
  await writing.getByLabel('Title').fill('Why we postponed the new search')
  await writing
    .getByLabel('Text', { exact: true })
    .fill(
      'It is fast enough and finds what it should.\n\nBut nobody has tried it with a year of messages yet, and that is what our largest customer has. We try it next week, and decide on Friday.'.repeat(
        2,
      ),
    )
  await writing.getByRole('button', { name: 'Post the story' }).click()
  await bob.button(/^Why we postponed/).waitFor()
  await bob.say('Makes sense. See #Release 4.2 for the rest :)')
  await alice.reads('Makes sense')
}

inBrowser('the page', () => {
  const stage = aStage()

  test('has no serious accessibility violations in light and dark colours, wide and narrow', async () => {
    const { visitor } = stage()
    const guest = await visitor()
    await guest.page.getByLabel('Your name').waitFor()
    expect(await violationsOn(guest)).toEqual([])
    await guest.picture('sign-in-1280-light')

    const [alice, bob] = [
      await visitor(),
      await visitor({ colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true }),
    ]
    await alice.signIn('Alice Archer')
    await alice.button('Make and join “Lobby”').waitFor()
    await alice.picture('first-1280-light')
    await alice.button('Sign out').click()
    await fillRoom(alice, bob)
    expect(await violationsOn(alice)).toEqual([])
    expect(await violationsOn(bob)).toEqual([])
    await alice.picture('room-1280-light')
    await bob.picture('room-390-dark')
    for (const one of [alice, bob]) await one.page.emulateMedia({ colorScheme: one === alice ? 'dark' : 'light' })
    await alice.picture('room-1280-dark')
    await bob.picture('room-390-light')
    expect(await violationsOn(alice)).toEqual([])
    expect(await violationsOn(bob)).toEqual([])

    await alice.page.emulateMedia({ colorScheme: 'light' })
    await alice.button('Room settings').click()
    await alice.page.getByRole('complementary').getByLabel('Description').waitFor()
    await alice.picture('settings-1280-light')
    expect(await violationsOn(alice)).toEqual([])
    await bob.button(/^Rooms/).click()
    await bob.page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: 'Browse rooms' }).waitFor()
    await bob.picture('drawer-390-light')
    await bob.page.getByRole('navigation').getByRole('button', { name: 'Browse rooms' }).click()
    await bob.button('Open Release 4.2').waitFor()
    await bob.picture('directory-390-light')
    expect(await violationsOn(bob)).toEqual([])
    await bob.page.keyboard.press('Escape')
    await alice.button('Search').click()
    await alice.page.getByLabel('Words in Release 4.2').fill('database')
    await alice.page.keyboard.press('Enter')
    await alice.page.getByText('1 with “database”').waitFor()
    await alice.picture('search-1280-light')
  })
})
