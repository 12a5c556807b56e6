import { isComplete } from '../../client/pushes.ts'

describe('a push of a faulty server is recognised', () => {
  test.each([
    ['a room change without a version', { type: 'room', changed: {} }],
    ['a room change without changes', { type: 'room', version: 2 }],
    [
      'a room change of which one is no object',
      { type: 'room', version: 2, changed: { name: { old: 'a' }, privacy: 3 } },
    ],
    ['a goaway without a time', { type: 'goaway', reason: 'deploy' }],
    ['a goaway with a negative time', { type: 'goaway', reconnectInMs: -1 }],
    ['a goaway with a time that no timer takes', { type: 'goaway', reconnectInMs: 2 ** 31 }],
    ['a goaway with a text as time', { type: 'goaway', reconnectInMs: '5' }],
    ['messages without a list', { type: 'messages' }],
    ['messages of which one has no position', { type: 'messages', messages: [{ seq: 1 }, {}] }],
    ['a message without a position', { type: 'message', text: 'x' }],
    ['a participant without an id', { type: 'participant', user: {} }],
    ['an invitation without a room', { type: 'invitation', invitationId: 1 }],
  ])('%s', (_, push) => {
    expect(isComplete(push)).toBe(false)
  })
})

describe('a push is complete', () => {
  test.each([
    ['a room change', { type: 'room', version: 2, changed: { name: { old: 'a', new: 'b' } } }],
    ['a goaway at once', { type: 'goaway', reconnectInMs: 0 }],
    ['a goaway after the longest time', { type: 'goaway', reconnectInMs: 2 ** 31 - 1 }],
    ['a goaway of a replaced connection, which does not come back', { type: 'goaway', reason: 'replaced' }],
    ['a goaway of a suspended user', { type: 'goaway', reason: 'suspended' }],
    ['a push of a later version', { type: 'later' }],
  ])('%s', (_, push) => {
    expect(isComplete(push)).toBe(true)
  })
})
