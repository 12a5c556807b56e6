import { grantFrame, messageFrame, participantFrame, roomFrame } from '../../lambdas/replies/encode.ts'
import { roomOf } from '../support/memory/fixtures.ts'

const at = Date.UTC(2026, 10, 22, 22, 33, 1, 5)

describe('the frame of a message', () => {
  it('has every field of the body, the position and the time', () => {
    const body = {
      text: 'Like 😉',
      parts: [{ type: 'emoticon' as const, emoticon: 'wink' }],
      alert: true,
      title: 'T',
      rich: { contentType: 'text/markdown', body: '*' },
    }
    const from = { user: 'ana', name: 'Ana' }
    const entry = { seq: 7, sentAt: at, from, clientMessageId: 'm', digest: 'secret', body }
    expect(messageFrame('r', entry)).toEqual({
      roomId: 'r',
      seq: 7,
      sentAt: '2026-11-22T22:33:01.005Z',
      from,
      clientMessageId: 'm',
      ...body,
    })
  })

  it('has no unused fields', () => {
    const frame = messageFrame('r', { seq: 1, sentAt: at, from: { user: 'ana', name: 'Ana' }, body: { text: 'x' } })
    expect(Object.keys(frame).sort()).toEqual(['from', 'roomId', 'sentAt', 'seq', 'text'])
  })

  it('has the user and the time of a removal, without the text', () => {
    const removed = { by: 'admin', at }
    const frame = messageFrame('r', { seq: 1, sentAt: at, from: { user: 'ana', name: 'Ana' }, digest: 'd', removed })
    expect(frame).toMatchObject({ seq: 1, removed: { by: 'admin', at: '2026-11-22T22:33:01.005Z' } })
    expect(frame).not.toHaveProperty('text')
  })

  it('has the positions that a removal removes', () => {
    expect(messageFrame('r', { seq: 9, sentAt: at, removes: [7, 8] })).toMatchObject({ seq: 9, removes: [7, 8] })
  })
})

it('the frame of a room has its URI and its times', () => {
  const room = roomOf('r', { createdAt: at, updatedAt: at + 1 })
  expect(roomFrame('chat.test', room)).toEqual({
    ...room,
    uri: 'chat://chat.test/r',
    createdAt: '2026-11-22T22:33:01.005Z',
    updatedAt: '2026-11-22T22:33:01.006Z',
  })
})

it('the frame of a participant has only the user and the rights', () => {
  const session = {
    user: 'ana',
    name: 'Ana',
    isManager: true,
    isPresenter: false,
    connectionId: 'secret',
    canChat: true,
  }
  expect(participantFrame(session)).toEqual({ user: 'ana', name: 'Ana', isManager: true, isPresenter: false })
})

it('the frame of a grant has its user and its time', () => {
  const grant = { role: 'member' as const, principal: 'group:ops', createdAt: at, createdBy: 'ana' }
  expect(grantFrame(grant)).toEqual({ ...grant, createdAt: '2026-11-22T22:33:01.005Z' })
})
