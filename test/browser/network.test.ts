import { aStage, inBrowser } from './visitor.ts'

inBrowser('a message during a network failure', () => {
  const stage = aStage()

  test('is shown as waiting, and arrives once and in order when the network is back', async () => {
    const { visitor } = stage()
    const [alice, bob] = [await visitor(), await visitor()]
    await alice.signIn('Alice')
    await alice.makeRoom('Tunnel')
    await bob.signIn('Bob')
    await bob.joinFromDirectory('Tunnel')
    await alice.say('before')
    await bob.reads('before')
    // Bob may get the message before Alice gets her reply. Without the reply it would wait as well.
    const waiting = alice.page.getByRole('region', { name: 'Waiting to be sent' })
    await alice.reads('before')
    await waiting.waitFor({ state: 'hidden' })

    await alice.flipNetwork()
    await alice.page.getByText('Offline: the network is cut').waitFor()
    for (const text of ['one', 'two', 'three']) await alice.say(text)
    await waiting.getByText('These 3 messages are sent when the connection is back.').waitFor()
    await bob.say('are you there?')
    await bob.reads('are you there?')
    expect(await alice.readAll()).toEqual(['before'])
    await alice.picture('cut')

    await alice.flipNetwork()
    await waiting.waitFor({ state: 'hidden' })
    await bob.reads('three')
    const said = ['before', 'are you there?', 'one', 'two', 'three']
    await alice.reads('three')
    expect(await alice.readAll()).toEqual(said)
    expect(await bob.readAll()).toEqual(said)
  })

  test('is still waiting after a reload', async () => {
    const alice = await stage().visitor()
    await alice.signIn('Alice')
    await alice.makeRoom('Notes')
    await alice.flipNetwork()
    await alice.page.getByText('Offline: the network is cut').waitFor()
    await alice.say('kept')
    await alice.page.getByRole('region', { name: 'Waiting to be sent' }).getByText('kept').waitFor()
    await alice.page.reload()
    await alice.page
      .getByRole('navigation')
      .getByRole('button', { name: /^Notes/ })
      .click()
    await alice.reads('kept')
    expect(await alice.readAll()).toEqual(['kept'])
  })
})
