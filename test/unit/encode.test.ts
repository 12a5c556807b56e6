import { grantFrame, messageFrame, participantFrame, roomFrame } from '../../lambdas/replies/encode.ts'
import { roomOf } from '../support/memory/scene.ts'

const at = Date.UTC(2026, 10, 22, 22, 33, 1, 5)

describe('a message on the wire', () => {
  it('has every part that it was sent with, beside its place and time', () => {
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

  it('has nothing that was not used', () => {
    const frame = messageFrame('r', { seq: 1, sentAt: at, from: { user: 'ana', name: 'Ana' }, body: { text: 'x' } })
    expect(Object.keys(frame).sort()).toEqual(['from', 'roomId', 'sentAt', 'seq', 'text'])
  })

  it('that was removed keeps its place and says by whom, without what it said', () => {
    const removed = { by: 'admin', at }
    const frame = messageFrame('r', { seq: 1, sentAt: at, from: { user: 'ana', name: 'Ana' }, digest: 'd', removed })
    expect(frame).toMatchObject({ seq: 1, removed: { by: 'admin', at: '2026-11-22T22:33:01.005Z' } })
    expect(frame).not.toHaveProperty('text')
  })

  it('that removes others names them', () => {
    expect(messageFrame('r', { seq: 9, sentAt: at, removes: [7, 8] })).toMatchObject({ seq: 9, removes: [7, 8] })
  })
})

it('writes a room with its address and its times', () => {
  const room = roomOf('r', { createdAt: at, updatedAt: at + 1 })
  expect(roomFrame('chat.test', room)).toEqual({
    ...room,
    uri: 'chat://chat.test/r',
    createdAt: '2026-11-22T22:33:01.005Z',
    updatedAt: '2026-11-22T22:33:01.006Z',
  })
})

it('tells nothing of a participant but who they are and what they may do', () => {
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

it('writes a grant with who gave it, and when', () => {
  const grant = { role: 'member' as const, principal: 'group:ops', createdAt: at, createdBy: 'ana' }
  expect(grantFrame(grant)).toEqual({ ...grant, createdAt: '2026-11-22T22:33:01.005Z' })
})
