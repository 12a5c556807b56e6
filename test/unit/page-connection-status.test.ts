import { ConnectionError, type ConnectionState, type StateChange } from '../../client/index.ts'
import { connectionStatus, isStopped, loadingText } from '../../page/model/connection-status.ts'

const network = { isCut: false, isUp: true }
const refused = new ConnectionError('The server did not accept the token (401).', 'unauthorized')
const lost = new ConnectionError('The connection was lost.', 'unreachable')

const textsOf = (connection: StateChange, state = network) => [
  connectionStatus({ connection, network: state }, 3).text,
  loadingText({ connection, network: state }),
]

describe('the texts about the connection', () => {
  it('say that the page connects while a refused token is tried again', () => {
    const connection = { state: 'waiting', error: refused, retryInMs: 800 } as const
    expect(textsOf(connection)).toEqual(['Connecting …', 'Connecting …'])
    expect(connectionStatus({ connection, network }, 1)).toMatchObject({ status: 'busy', isWaiting: false })
    expect(textsOf({ state: 'connecting' })).toEqual(['Connecting …', 'Connecting …'])
  })

  it('say that the chat cannot be reached while the client waits for another reason', () => {
    const connection = { state: 'waiting', error: lost, retryInMs: 2600 } as const
    expect(textsOf(connection)).toEqual(['Reconnecting in 3 s', 'The chat cannot be reached. This page keeps trying.'])
    expect(connectionStatus({ connection, network }, 0)).toEqual({
      status: 'busy',
      text: 'Reconnecting …',
      isWaiting: true,
    })
  })

  it.each([
    [{ isCut: true, isUp: false }, 'Offline: the network is cut'],
    [{ isCut: false, isUp: false }, 'Offline'],
  ])('say that there is no network, %j', (state, text) => {
    const loading = 'There is no network. This page continues when it is back.'
    expect(textsOf({ state: 'waiting', error: lost }, state)).toEqual([text, loading])
    expect(textsOf({ state: 'connecting' }, state)).toEqual([text, loading])
    expect(connectionStatus({ connection: { state: 'waiting', error: lost }, network: state }, 3).isWaiting).toBe(false)
  })

  it.each<[ConnectionState, string]>([
    ['unauthorized', 'Not signed in'],
    ['misconfigured', 'No connection'],
    ['replaced', 'Stopped'],
    ['suspended', 'Suspended'],
    ['closed', 'Closed'],
  ])('name the state %s, with a network or not', (state, text) => {
    const connection = { state, error: refused }
    const offline = { isCut: true, isUp: false }
    for (const one of [network, offline])
      expect(connectionStatus({ connection, network: one }, 0)).toMatchObject({ status: 'bad', text })
    expect(isStopped(connection)).toBe(true)
  })

  it('are good news only when the client is connected', () => {
    expect(connectionStatus({ connection: { state: 'connected' }, network }, 0)).toMatchObject({
      status: 'good',
      text: 'Connected',
    })
  })

  it('do not ask the user to act after a sign-out', () => {
    expect(isStopped({ state: 'closed' })).toBe(false)
    expect(isStopped({ state: 'waiting', error: lost })).toBe(false)
  })
})
