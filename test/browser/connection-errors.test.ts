import type { BrowserContext, WebSocketRoute } from 'playwright-core'
import { aStage, inBrowser, type Visitor } from './visitor.ts'

/** A token that the server did not sign. */
const forged = (token: string) => token.replace(/\.[^.]*$/, `.${'A'.repeat(342)}`)

/** Collects every text that the page shows. */
const collectTexts = `addEventListener('DOMContentLoaded', () => {
  window.texts = ''
  const collect = () => { window.texts += document.body.innerText }
  new MutationObserver(collect).observe(document.body, { childList: true, subtree: true, characterData: true })
})`

/** The error that the page shows. */
const notice = ({ page }: Visitor) => page.getByRole('alert').filter({ has: page.getByRole('button') })

inBrowser('the page', () => {
  const stage = aStage()

  test('reports a token that the server refuses, and connects after another sign-in', async () => {
    const { visitor, run } = stage()
    const alice = await visitor({}, (context) => context.addInitScript(collectTexts))
    await alice.page.route('**/token?*', async (route) => route.fulfill({ body: forged(await run.token('alice')) }))
    await alice.page.getByLabel('Your name').fill('Alice')
    await alice.button('Sign in').click()
    await notice(alice).getByText('Your sign-in is not accepted.').waitFor()
    expect(await alice.page.getByText('Connecting').count()).toBe(0)
    const texts = await alice.page.evaluate('window.texts')
    expect(texts).toContain('Connecting …')
    expect(texts).not.toContain('cannot be reached')
    await alice.picture('wrong-token-1280-light')

    await alice.page.unroute('**/token?*')
    await alice.button('Sign in again').click()
    await alice.signIn('Alice')
    await alice.page.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
    expect(await notice(alice).count()).toBe(0)
  })

  test('reports a sign-in that has ended, and sends unsent messages after the next one', async () => {
    const alice = await stage().visitor()
    await alice.signIn('Alice')
    await alice.makeRoom('Evening')
    await alice.flipNetwork()
    await alice.say('good night')
    await alice.page.route('**/token?*', (route) => route.fulfill({ status: 401, body: 'The session is over.' }))
    await alice.flipNetwork()
    await notice(alice).getByText('Your sign-in has ended.').waitFor()
    await notice(alice).getByText('The session is over.').waitFor()
    await notice(alice).getByText('Unsent messages are kept until then.').waitFor()
    await alice.shows('Evening')
    await alice.picture('ended-sign-in-1280-light')

    await alice.page.unroute('**/token?*')
    await alice.button('Sign in again').click()
    await alice.signIn('Alice')
    await alice.page.getByRole('navigation').getByRole('button', { name: 'Evening' }).click()
    await alice.reads('good night')
    expect(await alice.readAll()).toEqual(['good night'])
  })

  test('waits for an unreachable sign-in and then continues automatically', async () => {
    const { visitor } = stage()
    const alice = await visitor()
    await alice.signIn('Alice')
    await alice.page.route('**/token?*', (route) => route.abort())
    await alice.page.reload()
    await alice.page.getByText('The chat cannot be reached. This page keeps trying.').waitFor()
    await alice.page.unroute('**/token?*')
    await alice.isIn()
  })

  test('reports a wrong address', async () => {
    const alice = await stage().visitor({}, (context) =>
      context.route('**/config.json', (route) => route.fulfill({ json: { url: 'chat.example', tokens: '/token' } })),
    )
    await alice.page.getByLabel('Your name').fill('Alice')
    await alice.button('Sign in').click()
    await notice(alice).getByText('This page cannot connect to its chat.').waitFor()
    await notice(alice).getByText('"chat.example"').waitFor()
    await alice.picture('wrong-address-1280-light')
  })

  test('stops when it is open in too many places, and continues when the user asks for it', async () => {
    const { visitor } = stage()
    const sockets: WebSocketRoute[] = []
    const listen = (context: BrowserContext) =>
      context.routeWebSocket('**/*', (socket) => {
        socket.connectToServer()
        sockets.push(socket)
      })
    const [alice, bob] = [await visitor({}, listen), await visitor()]
    await alice.signIn('Alice')
    await alice.makeRoom('Desk')
    await bob.signIn('Bob')
    await bob.joinFromDirectory('Desk')

    sockets.at(-1)?.send(JSON.stringify({ type: 'goaway', reason: 'replaced', reconnectInMs: 0 }))
    await notice(alice).getByText('The chat is open in too many places.').waitFor()
    await bob.say('are you at your desk?')
    await bob.reads('are you at your desk?')
    expect(await alice.readAll()).toEqual([])
    await alice.picture('replaced-1280-light')

    await alice.button('Use it here').click()
    await alice.reads('are you at your desk?')
    await notice(alice).waitFor({ state: 'hidden' })
    await alice.say('now I am')
    await bob.reads('now I am')
  })

  test('reports why the first connection was refused, and shows the rooms of the last visit after another attempt', async () => {
    let isRefused = false
    const alice = await stage().visitor({}, (context) =>
      context.routeWebSocket('**/*', (socket) => {
        if (!isRefused) return void socket.connectToServer()
        socket.onMessage((text) => {
          const { id }: { id: string } = JSON.parse(String(text))
          const error = { code: 'forbidden', message: 'This page is not for you.', retryable: false }
          socket.send(JSON.stringify({ id, ok: false, error }))
        })
      }),
    )
    await alice.signIn('Alice')
    await alice.makeRoom('Yard')
    isRefused = true
    await alice.page.reload()
    await notice(alice).getByText('This page is not for you.').waitFor()

    isRefused = false
    await alice.button('Try again').click()
    await alice.isIn()
    await alice.page.getByRole('navigation').getByRole('button', { name: 'Yard' }).waitFor()
  })
})
