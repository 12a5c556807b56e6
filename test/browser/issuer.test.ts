import { createHash } from 'node:crypto'
import { aStage, inBrowser } from './visitor.ts'

const issuer = 'https://login.example.com/pool'

inBrowser('a page with an OpenID Connect issuer', () => {
  const stage = aStage()

  test('signs in with a code, and gets a token with the verifier of that code', async () => {
    const { visitor, run } = stage()
    const alice = await visitor()
    const context = alice.page.context()
    const asked: URLSearchParams[] = []
    await context.route('**/config.json', (route) =>
      route.fulfill({ json: { url: run.url, issuer, clientId: 'page' } }),
    )
    await context.route('https://login.example.com/**', async (route) => {
      const url = new URL(route.request().url())
      const headers = { 'access-control-allow-origin': '*' }
      if (url.pathname.endsWith('/openid-configuration'))
        return route.fulfill({
          headers,
          json: { authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
        })
      if (url.pathname.endsWith('/authorize')) {
        asked.push(url.searchParams)
        const back = new URLSearchParams({ code: 'c0de', state: url.searchParams.get('state') ?? '' })
        return route.fulfill({ status: 302, headers: { location: `${url.searchParams.get('redirect_uri')}?${back}` } })
      }
      asked.push(new URLSearchParams(route.request().postData() ?? ''))
      return route.fulfill({ headers, json: { id_token: await run.token('alice', { name: 'Alice' }) } })
    })
    await alice.page.reload()
    await alice.button('Sign in').click()
    await alice.page.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
    expect(new URL(alice.page.url()).search).toBe('')

    const [authorization, exchange] = asked
    expect(authorization?.get('response_type')).toBe('code')
    expect(authorization?.get('scope')).toContain('openid')
    expect(exchange?.get('code')).toBe('c0de')
    const digest = createHash('sha256')
      .update(exchange?.get('code_verifier') ?? '')
      .digest('base64url')
    expect(authorization?.get('code_challenge')).toBe(digest)

    await alice.page.reload()
    await alice.page.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
    await alice.button('Sign out').click()
    await alice.button('Sign in').waitFor()
  })

  test('renews its token before it expires, waits for an unreachable issuer and reports a refusal', async () => {
    const { visitor, run } = stage()
    let renewal: 'refused' | 'unreachable' | 'given' = 'given'
    const alice = await visitor({}, async (context) => {
      await context.route('**/config.json', (route) =>
        route.fulfill({ json: { url: run.url, issuer, clientId: 'page' } }),
      )
      await context.route('https://login.example.com/**', async (route) => {
        const headers = { 'access-control-allow-origin': '*' }
        if (route.request().method() === 'GET')
          return route.fulfill({ headers, json: { token_endpoint: `${issuer}/token` } })
        const refreshToken = new URLSearchParams(route.request().postData() ?? '').get('refresh_token')
        if (renewal === 'unreachable') return route.abort()
        if (renewal === 'refused' || refreshToken !== 'r3fresh')
          return route.fulfill({ status: 400, headers, json: { error: 'invalid_grant' } })
        return route.fulfill({
          headers,
          json: { id_token: await run.token('alice', { name: 'Alice', expiresIn: '50' }) },
        })
      })
      const tokens = { id_token: await run.token('alice', { expiresIn: '-50' }), refresh_token: 'r3fresh' }
      await context.addInitScript(
        `sessionStorage['persistent-chat/tokens'] ??= ${JSON.stringify(JSON.stringify(tokens))}`,
      )
    })
    await alice.page.getByRole('heading', { name: 'Hello, Alice' }).waitFor()

    renewal = 'unreachable'
    await alice.page.reload()
    await alice.page.getByText('The chat cannot be reached. This page keeps trying.').waitFor()
    renewal = 'given'
    await alice.page.getByRole('heading', { name: 'Hello, Alice' }).waitFor()

    renewal = 'refused'
    await alice.page.reload()
    await alice.page.getByText('The issuer gave no token (400).').waitFor()
    await alice.button('Sign in again').click()
    await alice.button('Sign in').waitFor()
  })
})
