import { expiryOf, idleSeconds, limits, maxAgeSeconds, maxDepth } from '../../protocol/limits.ts'

it('the published limits do not change', () => {
  expect(limits).toEqual({
    frameBytes: 32_768,
    textBytes: 4096,
    storyBytes: 16_384,
    richBytes: 16_384,
    messageBytes: 24_576,
    titleCharacters: 200,
    parts: 100,
    nameCharacters: 64,
    descriptionCharacters: 512,
    idCharacters: 64,
    historyMessages: 500,
    historyRooms: 20,
    joinMessages: 30,
    resumeMessages: 200,
    roomsPerConnection: 100,
    connectionsPerUser: 25,
    principalsPerRequest: 100,
    browseRooms: 100,
    searchCharacters: 200,
    preferenceBytes: 16_384,
    retentionDays: 36_500,
    messagesPerSecondPerRoom: 50,
    messageBurstPerRoom: 100,
    messagesPerSecondPerAuthor: 5,
    messageBurstPerAuthor: 20,
    badFramesPerMinute: 100,
    joinsPerSecondPerConnection: 10,
    joinBurstPerConnection: 100,
  })
  expect([maxDepth, maxAgeSeconds, idleSeconds]).toEqual([8, 7200, 600])
})

describe('the expiry of a connection', () => {
  const connectedAt = Date.UTC(2026, 5, 1, 12)
  const latest = connectedAt / 1000 + 7200 + 300

  it('is two hours and five minutes after its start', () => {
    expect(expiryOf(connectedAt, latest + 1)).toEqual({ expiresAt: latest })
  })

  it('is rounded up to a whole second', () => {
    expect(expiryOf(connectedAt + 1, latest + 2)).toEqual({ expiresAt: latest + 1 })
    expect(expiryOf(connectedAt + 999, latest + 2)).toEqual({ expiresAt: latest + 1 })
    expect(expiryOf(connectedAt + 1000, latest + 2)).toEqual({ expiresAt: latest + 1 })
  })

  it('includes the end of the token if that is earlier', () => {
    expect(expiryOf(connectedAt, latest - 1)).toEqual({ expiresAt: latest, hearsUntil: latest - 1 })
    expect(expiryOf(connectedAt, latest)).toEqual({ expiresAt: latest })
    expect(expiryOf(connectedAt, 0)).toEqual({ expiresAt: latest, hearsUntil: 0 })
  })
})
