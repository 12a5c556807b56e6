import { expiryOf, idleSeconds, limits, maxAgeSeconds, maxDepth } from '../../protocol/limits.ts'

it('publishes these limits, which clients build on', () => {
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
    messagesPerSecondPerRoom: 50,
    messageBurstPerRoom: 100,
    messagesPerSecondPerAuthor: 5,
    messageBurstPerAuthor: 20,
    joinsPerSecondPerConnection: 10,
    joinBurstPerConnection: 100,
  })
  expect([maxDepth, maxAgeSeconds, idleSeconds]).toEqual([8, 7200, 600])
})

describe('the life of a connection, in seconds since 1970', () => {
  const connectedAt = Date.UTC(2026, 5, 1, 12)
  const longest = connectedAt / 1000 + 7200 + 300

  it('ends two hours and five minutes after its beginning, which is in milliseconds', () => {
    expect(expiryOf(connectedAt, longest + 1)).toEqual({ expiresAt: longest })
  })

  it('counts a second that has begun', () => {
    expect(expiryOf(connectedAt + 1, longest + 2)).toEqual({ expiresAt: longest + 1 })
    expect(expiryOf(connectedAt + 999, longest + 2)).toEqual({ expiresAt: longest + 1 })
    expect(expiryOf(connectedAt + 1000, longest + 2)).toEqual({ expiresAt: longest + 1 })
  })

  it('hears until the token ends, where that is sooner', () => {
    expect(expiryOf(connectedAt, longest - 1)).toEqual({ expiresAt: longest, hearsUntil: longest - 1 })
    expect(expiryOf(connectedAt, longest)).toEqual({ expiresAt: longest })
    expect(expiryOf(connectedAt, 0)).toEqual({ expiresAt: longest, hearsUntil: 0 })
  })
})
