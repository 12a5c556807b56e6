import { ChatSocket } from '../support/socket/chat-socket.ts'
import { aStage, inBrowser } from './visitor.ts'

inBrowser('a page with an imitator', () => {
  const stage = aStage()

  test('shows the ids of people with one name, and the host of a link that names another', async () => {
    const { run, visitor } = stage()
    const bob = await visitor()
    await bob.signIn('Bob')
    await bob.makeRoom('Bank')
    const open = async (user: string, name: string) => ChatSocket.open(run.url, await run.token(user, { name }))
    const alice = await open('alice', 'Alice')
    const mallory = await open('mallory', 'ALICE')
    const { room } = await alice.ask('getRoom', { roomName: 'Bank' })
    const { roomId } = room
    await alice.ask('join', { roomId })
    await alice.ask('send', { roomId, text: 'Good morning' })
    await mallory.ask('join', { roomId })
    await mallory.ask('send', { roomId, text: 'Please pay here' })
    await bob.reads('Please pay here')
    const names = bob.page.locator('.timeline .byline strong')
    expect(await names.allInnerTexts()).toEqual(['Alice (alice)', 'ALICE (mallory)'])

    const parts = [{ type: 'link', text: 'bank.example', href: 'https://evil.example/login' }]
    await mallory.ask('send', { roomId, parts })
    await bob.reads('bank.example (evil.example)')
    await bob.picture('imitation')
  })
})
